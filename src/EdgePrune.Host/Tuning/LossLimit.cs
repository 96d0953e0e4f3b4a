namespace EdgePrune.Host;

/// <summary>How far pruning by steps went before accuracy broke its limit.</summary>
/// <param name="MaxLoss">Points of the score that may be lost.</param>
/// <param name="Metric">What is scored.</param>
/// <param name="OriginalScore">Score of the original, in points.</param>
/// <param name="Steps">Every step that was carried out, the one that broke the limit included.</param>
public sealed record LossLimit(double MaxLoss, string Metric, double OriginalScore, IReadOnlyList<LimitedStep> Steps)
{
    /// <summary>Number of the step whose model was taken, from 1; 0 when the first broke the limit and nothing was removed.</summary>
    public int LastGood => Steps.Count(s => s.Met);
}

/// <summary>One step against the limit.</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="Rate">Rate of the original that it went to.</param>
/// <param name="Score">Score of what it left, in points.</param>
/// <param name="Met">Whether the limit is met.</param>
public sealed record LimitedStep(int Step, double Rate, double Score, bool Met);
