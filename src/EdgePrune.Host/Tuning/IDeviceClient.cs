using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>A device that installs a bundle, measures it and reports: a real one behind a hub, or a synthetic one.</summary>
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
}

/// <summary>Makes signed bundles with versions that only grow.</summary>
public interface IBundler
{
    /// <summary>Packs and signs a model.</summary>
    /// <param name="model">The bytes of the <c>.onnx</c> file.</param>
    /// <param name="notes">Facts for people, such as the rate.</param>
    /// <returns>The bundle.</returns>
    BundleFile Pack(ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, string> notes);
}
