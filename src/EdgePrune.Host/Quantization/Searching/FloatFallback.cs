namespace EdgePrune.Host;

/// <summary>
/// Chooses which nodes go back to float so that the outputs come as much nearer as is asked, for the least work that is then done
/// in float: the knapsack problem, solved by dynamic programming over the gain.
/// </summary>
/// <remarks>
/// Worked example: gains 0.5, 0.3, 0.3 at costs 10, 2, 2; asked for 0.5, the last two go back for 4, where a greedy choice by gain would pay 10.
/// </remarks>
internal static class FloatFallback
{
    private const int Steps = 1000;

    /// <summary>Chooses nodes.</summary>
    /// <param name="candidates">For each node, what the error gains when it is float, and what that costs; neither is negative.</param>
    /// <param name="wanted">The gain that is asked for.</param>
    /// <returns>Numbers of the chosen nodes; all with a gain when even these are not enough.</returns>
    public static IReadOnlyList<int> Choose(IReadOnlyList<(double Gain, double Cost)> candidates, double wanted)
    {
        // Least cost at which each number of steps of the gain is reached.
        var costs = new double[Steps + 1];
        var taken = new bool[candidates.Count, Steps + 1];
        Array.Fill(costs, double.PositiveInfinity, 1, Steps);
        int[] steps = [.. candidates.Select(c => (int)Math.Min(Steps, Math.Floor(c.Gain / wanted * Steps)))];
        for (var i = 0; i < candidates.Count; i++)
        {
            for (var reached = Steps; reached > 0; reached--)
            {
                var cost = costs[Math.Max(0, reached - steps[i])] + candidates[i].Cost;
                if (steps[i] > 0 && cost < costs[reached])
                {
                    costs[reached] = cost;
                    taken[i, reached] = true;
                }
            }
        }

        var most = Array.FindLastIndex(costs, double.IsFinite);
        return most == Steps ? Trace(taken, steps) : [.. Enumerable.Range(0, steps.Length).Where(i => candidates[i].Gain > 0)];
    }

    private static List<int> Trace(bool[,] taken, int[] steps)
    {
        List<int> chosen = [];
        var reached = Steps;
        for (var i = steps.Length - 1; i >= 0 && reached > 0; i--)
        {
            if (taken[i, reached])
            {
                chosen.Add(i);
                reached = Math.Max(0, reached - steps[i]);
            }
        }

        chosen.Reverse();
        return chosen;
    }
}
