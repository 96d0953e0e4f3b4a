using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Measures sensitivity and shows how far it is.</summary>
internal static class SensitivityRun
{
    // The original runs before the first point.
    private const int Before = 1;

    /// <summary>Measures, or takes what the cache holds.</summary>
    public static Task<SensitivityCurves> MeasureAsync(Screen screen, CompressionPipeline pipeline, SensitivityOptions options, SensitivityCache? cache, CancellationToken cancellationToken) =>
        WorkProgress.RunAsync(screen, "Sensitivity", WorkExtent.OfSteps(Before + SensitivityOptions.CountPoints(pipeline.Analysis, options)),
            steps => pipeline.MeasureSensitivityAsync(options, cache, steps, cancellationToken));

    /// <summary>Completes options that decide by sensitivity with what is measured for them.</summary>
    public static async Task<CompressionOptions> CompleteAsync(Screen screen, CompressionPipeline pipeline, CompressionOptions options, SensitivityCache? cache, CancellationToken cancellationToken) =>
        options.Allocation == RateAllocation.Score
            ? options
            : options with { Sensitivity = await MeasureAsync(screen, pipeline, SensitivityOptions.For(options), cache, cancellationToken).ConfigureAwait(false) };
}
