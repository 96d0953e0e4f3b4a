namespace EdgePrune.Host;

/// <summary>What a rate turned out to be, over all precisions tried at it.</summary>
public enum RateVerdict
{
    /// <summary>A candidate meets the whole budget: a lower rate may do so with more accuracy.</summary>
    Meets,
    /// <summary>Accurate enough, but over a limit of cost: only a higher rate can help.</summary>
    TooCostly,
    /// <summary>Too much accuracy is lost: only a lower rate can help.</summary>
    TooInaccurate,
}

/// <summary>The next step of the search.</summary>
/// <param name="Next">The candidate to try, or null when the search is over.</param>
/// <param name="Outcome">How it ended, when it is over.</param>
public readonly record struct RateDecision(int? Next, TuningOutcome? Outcome);

/// <summary>
/// Picks the next rate by bisection over candidates with distinct aligned shapes: the lowest rate that meets the budget.
/// Pure: the same history gives the same decision.
/// </summary>
/// <remarks>
/// Cost falls and accuracy falls with the rate, so candidates that are too costly lie below those that meet the budget, and
/// those that are too inaccurate above. With G candidates it needs at most ceil(log2(G + 1)) rates.
/// </remarks>
public static class RatePicker
{
    /// <summary>Decides what to try next.</summary>
    /// <param name="candidates">Number of candidates, in ascending order of rate.</param>
    /// <param name="history">What was tried so far.</param>
    /// <param name="first">The candidate to begin with, when something is known already; else the middle.</param>
    /// <returns>The next candidate or the outcome.</returns>
    public static RateDecision Decide(int candidates, IReadOnlyList<(int Candidate, RateVerdict Verdict)> history, int? first = null)
    {
        var low = history.Where(h => h.Verdict == RateVerdict.TooCostly).Select(h => h.Candidate).DefaultIfEmpty(-1).Max();
        var high = history.Where(h => h.Verdict != RateVerdict.TooCostly && h.Candidate > low).Select(h => h.Candidate).DefaultIfEmpty(candidates).Min();
        if (high - low > 1)
        {
            var next = history.Count == 0 && first is { } start && start > low && start < high ? start : low + ((high - low) / 2);
            return new RateDecision(next, null);
        }

        var met = history.Any(h => h.Verdict == RateVerdict.Meets);
        return new RateDecision(null, met ? TuningOutcome.Converged : TuningOutcome.Infeasible);
    }
}
