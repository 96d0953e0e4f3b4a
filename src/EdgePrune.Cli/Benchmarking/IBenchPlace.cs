using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Where a bench measures: this machine, or a device behind a hub.</summary>
internal interface IBenchPlace
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>What the figures of the place depend on besides model and settings, as far as it is known before a measurement.</summary>
    /// <param name="settings">How it is measured.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="EdgePruneException">The place does not answer.</exception>
    Task<string> FingerprintAsync(ProfileSettings settings, CancellationToken cancellationToken);

    /// <summary>Measures one model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">How to measure.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <exception cref="EdgePruneException">The model cannot run there, or the measurement failed.</exception>
    Task<ProfileReport> MeasureAsync(BenchModel model, ProfileSettings settings, CancellationToken cancellationToken);

    /// <summary>Leaves the place as it was before; called once, after the last measurement or when the bench is stopped.</summary>
    /// <param name="cancellationToken">Stops waiting; what must be ordered is ordered all the same.</param>
    /// <returns>What the reader must know, or null.</returns>
    Task<string?> LeaveAsync(CancellationToken cancellationToken);
}
