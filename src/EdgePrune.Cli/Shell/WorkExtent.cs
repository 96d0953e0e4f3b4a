namespace EdgePrune.Cli;

/// <summary>How long a piece of work is, as far as it is known before: a number of steps, a duration, or neither.</summary>
/// <param name="Steps">Number of steps it reports, or null.</param>
/// <param name="Duration">How long it takes, or null.</param>
internal sealed record WorkExtent(int? Steps = null, TimeSpan? Duration = null)
{
    /// <summary>Work that reports about this many steps.</summary>
    public static WorkExtent OfSteps(int steps) => new(Steps: steps);

    /// <summary>Work that takes about this long.</summary>
    public static WorkExtent Lasting(TimeSpan duration) => new(Duration: duration);

    /// <summary>Share of the work that is done; below 1 until it ends, for an estimate is not the truth.</summary>
    /// <param name="steps">Steps that were reported, the present one included.</param>
    /// <param name="elapsed">Time since the start.</param>
    /// <returns>0 to 0.99, or null when the extent is unknown.</returns>
    public double? Share(int steps, TimeSpan elapsed) => (Steps, Duration) switch
    {
        ({ } total, _) => Math.Clamp((steps - 1) / (double)total, 0, 0.99),
        (_, { } total) => Math.Clamp(elapsed / total, 0, 0.99),
        _ => null,
    };

    /// <summary>The time left, when enough is done to tell.</summary>
    /// <param name="steps">Steps that were reported, the present one included.</param>
    /// <param name="elapsed">Time since the start.</param>
    /// <returns>The time, or null.</returns>
    public TimeSpan? Left(int steps, TimeSpan elapsed) => Share(steps, elapsed) is > 0.02 and var share
        ? elapsed * ((1 - share) / share)
        : null;
}
