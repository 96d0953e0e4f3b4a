namespace EdgePrune.Host;

/// <summary>The cells of a study, in the order of its table.</summary>
internal static class StudyGrid
{
    /// <summary>All cells of complete options.</summary>
    public static IReadOnlyList<StudyCase> Expand(StudyOptions options)
    {
        var original = options.Precisions.SelectMany(p => options.Seeds
            .Take(PrecisionTable.Of(p).NeedsSamples ? options.Seeds.Count : 1)
            .Select(s => new StudyCase(StudyMethod.Original, 0, 0, p, s)));
        var pruned =
            from method in options.Methods
            from rate in options.Rates
            from precision in options.Precisions
            from epochs in options.Epochs
            from seed in options.Seeds
            select new StudyCase(method, rate, epochs, precision, seed);
        return [.. original, .. pruned];
    }
}
