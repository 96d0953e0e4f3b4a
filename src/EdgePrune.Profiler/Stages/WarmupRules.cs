using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>When warm-up may end.</summary>
internal sealed record WarmupRules(int MinRuns, TimeSpan MinDuration, TimeSpan MaxDuration)
{
    /// <summary>At least 10 runs and 1 s (half the longest time, if that is less), at most the setting's longest time.</summary>
    public static WarmupRules From(ProfileSettings settings)
    {
        var second = TimeSpan.FromSeconds(1);
        var half = settings.MaxWarmup / 2;
        return new WarmupRules(10, half < second ? half : second, settings.MaxWarmup);
    }
}
