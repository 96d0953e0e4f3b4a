using System.Globalization;

namespace EdgePrune.Host;

/// <summary>How far a study is.</summary>
/// <param name="Done">Cells that are finished, kept ones included.</param>
/// <param name="Total">All cells.</param>
/// <param name="Last">What happened last, in words.</param>
/// <param name="Left">Estimate of the time left, or null before there is one.</param>
public sealed record StudyProgress(int Done, int Total, string Last, TimeSpan? Left)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Done} of {Total} cells{(Left is { } left ? $", about {Text(left)} left" : "")}; {Last}";

    private static string Text(TimeSpan time) => time.TotalSeconds < 90
        ? time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s"
        : time.TotalMinutes.ToString("0", CultureInfo.InvariantCulture) + " min";
}
