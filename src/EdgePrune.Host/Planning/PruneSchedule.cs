using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>How the rate grows when a model is pruned in several steps.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PruneSchedule>))]
public enum PruneSchedule
{
    /// <summary>By the same share in every step: 0.1, 0.2, 0.3, 0.4, 0.5.</summary>
    Linear,
    /// <summary>Much at first and ever less, as 1 - (1 - t)^3: the fewer channels are left, the more care each is worth.</summary>
    Cubic,
}

/// <summary>The rates of a schedule.</summary>
internal static class PruneSchedules
{
    /// <summary>Rates after each step, all of the original; the last is the whole rate.</summary>
    /// <remarks>The cubic one is that of Zhu and Gupta, To Prune or Not to Prune, 2017.</remarks>
    public static IEnumerable<double> Rates(this PruneSchedule schedule, double rate, int steps) =>
        Enumerable.Range(1, steps).Select(step => step == steps ? rate : rate * Share(schedule, (double)step / steps));

    private static double Share(PruneSchedule schedule, double t) => schedule == PruneSchedule.Cubic ? 1 - Math.Pow(1 - t, 3) : t;
}
