using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Cli.Tests;

/// <summary>A synthetic device that counts what it measures, refuses some models, and is cut off after some measurements.</summary>
internal sealed class CountingProfiler : IModelProfiler
{
    private readonly SyntheticProfiler _profiler = new(new SyntheticDevice(), path => new SyntheticWork([8], [path.EndsWith("big.onnx", StringComparison.Ordinal) ? 4e6 : 1e6], 1000, 5_000_000), seed: 1);

    /// <summary>File names in the order in which they were measured.</summary>
    public List<string> Measured { get; } = [];

    /// <summary>File name of the model that cannot run, or null.</summary>
    public string? Refused { get; init; }

    /// <summary>Cancelled once this many measurements are done, as by Ctrl-C.</summary>
    public (int After, CancellationTokenSource Source)? Cut { get; init; }

    public async Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken)
    {
        if (Cut is { } cut && Measured.Count == cut.After)
        {
            await cut.Source.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
        var name = Path.GetFileName(modelPath);
        if (name == Refused)
        {
            throw new ModelException(ErrorCode.ModelRejected, "ONNX Runtime refuses the model.");
        }

        Measured.Add(name);
        return await _profiler.ProfileAsync(modelPath, settings, cancellationToken);
    }
}
