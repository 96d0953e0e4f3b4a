namespace EdgePrune.Training;

/// <summary>Where a run keeps its state, and what makes it that run.</summary>
/// <param name="Path">The file. When it exists, the run goes on from it.</param>
/// <param name="Identity">What the state depends on, such as the model and the recipe; see <see cref="RunIdentity"/>.</param>
internal sealed record CheckpointPlace(string Path, RunIdentity Identity)
{
    /// <summary>Time after which the state is written within an epoch; it is always written after each. <value>Default: 1 minute.</value></summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);
}
