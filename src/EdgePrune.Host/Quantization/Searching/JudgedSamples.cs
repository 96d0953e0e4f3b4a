namespace EdgePrune.Host;

/// <summary>Samples to fit on and samples to decide by.</summary>
/// <param name="Fit">To fit on.</param>
/// <param name="Judge">To decide by; the same where there are too few to part with some.</param>
/// <param name="All">Both: for what has so few degrees of freedom that it cannot fit to a sample, as a range.</param>
internal sealed record JudgedSamples(ISampleSource Fit, ISampleSource Judge, ISampleSource All)
{
    private const int MostJudging = 128;
    private const int MostForRanges = 256;
    private const int FewestForRanges = 64;
    private const double MostWork = 1e11;
    private const int FewestToSplit = 32;

    /// <summary>Parts a quarter of the samples from the rest, at most 128.</summary>
    public static JudgedSamples Of(ISampleSource samples)
    {
        var judging = samples.Count < FewestToSplit ? 0 : Math.Min(MostJudging, samples.Count / 4);
        return judging == 0
            ? new JudgedSamples(samples, samples, samples)
            : new JudgedSamples(SampleSubset.Range(samples, 0, samples.Count - judging), SampleSubset.Range(samples, samples.Count - judging, judging), samples);
    }

    /// <summary>
    /// The samples to choose ranges by: the judges, and as many of the others as make up 256; fewer, at least 64, where every candidate would
    /// take more than 1e11 multiply-accumulates to judge.
    /// </summary>
    /// <param name="work">Multiply-accumulates of one sample.</param>
    public ISampleSource ForRanges(double work)
    {
        var most = (int)Math.Clamp(MostWork / Math.Max(1, work), FewestForRanges, MostForRanges);
        return SampleSubset.Range(All, Math.Max(0, All.Count - most), most);
    }
}
