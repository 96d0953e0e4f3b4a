using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>A device that installs bundles, measures them and reports: a real one behind a hub, or a synthetic one.</summary>
public interface IDeviceClient
{
    /// <summary>Name of the device.</summary>
    string Name { get; }

    /// <summary>Pushes a bundle, waits until the device runs it, has it measured, and gives the report.</summary>
    /// <param name="bundle">The signed bundle.</param>
    /// <param name="settings">How to measure.</param>
    /// <param name="cancellationToken">Stops waiting; the device goes on.</param>
    /// <returns>The measurements.</returns>
    /// <exception cref="DeviceException">The device refused the bundle, rolled it back, could not measure it, or did not answer in time.</exception>
    Task<ProfileReport> MeasureAsync(BundleFile bundle, ProfileSettings settings, CancellationToken cancellationToken);

    /// <summary>Pushes a bundle and waits until the device runs it, without measuring.</summary>
    /// <param name="bundle">The signed bundle.</param>
    /// <param name="cancellationToken">Stops waiting; the device goes on.</param>
    /// <returns>Done when the device reported the installation.</returns>
    /// <exception cref="DeviceException">The device refused the bundle, rolled it back, or did not answer in time.</exception>
    Task InstallAsync(BundleFile bundle, CancellationToken cancellationToken);
}
