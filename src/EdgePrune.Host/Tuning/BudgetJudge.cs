using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Holds a candidate's figures against the budget, limit by limit, by upper confidence bound.</summary>
/// <param name="budget">The budget.</param>
/// <param name="original">The original's measurements, which relative limits refer to.</param>
/// <param name="originalScore">The original's score.</param>
internal sealed class BudgetJudge(Budget budget, ProfileReport original, Evaluation originalScore)
{
    /// <summary>One-sided 95 % quantile of the normal distribution.</summary>
    private const double Z95 = 1.645;

    /// <summary>The limits that the host can judge before a device sees the candidate.</summary>
    public IReadOnlyList<BudgetCheck> OnHost(ByteSize file, Evaluation score)
    {
        List<BudgetCheck> checks = [];
        if (budget.FileSize is { } fileLimit)
        {
            checks.Add(Check("fileSize", "B", fileLimit.Resolve(original.FileSize.Bytes), file.Bytes, file.Bytes));
        }

        var loss = originalScore.Score - score.Score;
        checks.Add(Check("accuracyLoss", "points", budget.MaxAccuracyLoss, loss, loss + (Z95 * LossDeviation(score))));
        return checks;
    }

    /// <summary>The limits that need the device's measurements.</summary>
    public IReadOnlyList<BudgetCheck> OnDevice(ProfileReport profile)
    {
        List<BudgetCheck> checks = [];
        if (budget.LatencyP95 is { } latency)
        {
            var limit = latency.Resolve(original.Latency.P95?.Estimate.TotalSeconds ?? original.Latency.P50.Estimate.TotalSeconds);
            checks.Add(Check("latencyP95", "s", limit, profile.Latency.P95?.Estimate.TotalSeconds, LatencyUpperBound(profile)));
        }

        if (budget.PeakMemory is { } memory)
        {
            checks.Add(Check("peakMemory", "B", memory.Resolve(original.Memory.PeakResident.Bytes), profile.Memory.PeakResident.Bytes, profile.Memory.PeakResident.Bytes));
        }

        if (budget.EnergyPerInference is { } energy)
        {
            var joules = profile.Energy?.Net?.Joules ?? profile.Energy?.Gross.Joules;
            var reference = original.Energy?.Net?.Joules ?? original.Energy?.Gross.Joules ?? 0;
            checks.Add(Check("energyPerInference", "J", energy.Resolve(reference), joules, joules));
        }

        return checks;
    }

    /// <summary>Whether every figure is within its limit but some upper bound is not: more measuring can decide it.</summary>
    public static bool IsUndecided(IReadOnlyList<BudgetCheck> checks) => checks.Any(c => !c.Met) && checks.All(c => c.Estimate <= c.Limit);

    /// <summary>
    /// The larger of the order-statistic bound and a guard band of 1.645 standard deviations of the windows' 95th
    /// percentiles: the first knows the noise inside the run, the second that between windows.
    /// </summary>
    public static double? LatencyUpperBound(ProfileReport profile)
    {
        if (profile.Latency.P95 is not { Upper: { } upper } p95)
        {
            return null;
        }

        double[] windows = [.. profile.Windows.Select(w => w.P95.TotalSeconds)];
        var mean = windows.Average();
        var deviation = windows.Length < 2 ? 0 : Math.Sqrt(windows.Sum(w => (w - mean) * (w - mean)) / (windows.Length - 1) / windows.Length);
        return Math.Max(upper.TotalSeconds, p95.Estimate.TotalSeconds + (Z95 * deviation));
    }

    private double LossDeviation(Evaluation score)
    {
        if (ReferenceEquals(score, originalScore) || score.Samples == 0 || originalScore.Samples == 0)
        {
            return 0;
        }

        return score.Outcomes is { } candidate && originalScore.Outcomes is { } reference && candidate.Count == reference.Count
            ? 100 * PairedDeviation(reference, candidate)
            : 100 * Math.Sqrt(Variance(score) + Variance(originalScore));
    }

    /// <summary>
    /// Standard deviation of the share of samples lost, from the pairs that differ: only they tell the two models apart. One
    /// pair is added, so that no difference among few samples is not taken for certainty.
    /// </summary>
    /// <remarks>McNemar, Psychometrika 12 (1947): variance ((b + c) - (b - c)^2 / n) / n^2 for b losses and c gains.</remarks>
    internal static double PairedDeviation(IReadOnlyList<bool> original, IReadOnlyList<bool> candidate)
    {
        var losses = original.Zip(candidate).Count(p => p.First && !p.Second);
        var gains = original.Zip(candidate).Count(p => !p.First && p.Second);
        var count = (double)original.Count;
        return Math.Sqrt(losses + gains + 1 - ((losses - gains) * (losses - gains) / count)) / count;
    }

    // Without the single outcomes both scores are taken as independent, which is on the safe side.
    private static double Variance(Evaluation evaluation)
    {
        var share = Math.Clamp(evaluation.Score / 100, 0, 1);
        return share * (1 - share) / evaluation.Samples;
    }

    private static BudgetCheck Check(string name, string unit, double limit, double? estimate, double? upper) =>
        new(name, unit, limit, estimate, upper, upper <= limit);
}
