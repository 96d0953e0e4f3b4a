using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Cli;

/// <summary>Measures on this machine whether int8 is slower than float: then float is the better model here.</summary>
/// <param name="comparer">Measures two models in turn.</param>
internal sealed class SpeedCheck(IModelComparer comparer)
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(200);

    /// <summary>Compares a quantized model with the float model it was made from.</summary>
    /// <param name="quantized">Bytes of the quantized model.</param>
    /// <param name="original">The float model.</param>
    /// <param name="threads">Threads that both run with.</param>
    /// <param name="cancellationToken">Stops the comparison.</param>
    /// <returns>How they compare: the ratio is that of int8 over float.</returns>
    /// <exception cref="EdgePruneException">One of them cannot be run or measured.</exception>
    public async Task<ComparisonReport> RunAsync(ReadOnlyMemory<byte> quantized, Model original, int threads, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-speed-");
        try
        {
            var (candidate, reference) = (Path.Combine(folder.FullName, "int8.onnx"), Path.Combine(folder.FullName, "float.onnx"));
            await File.WriteAllBytesAsync(candidate, quantized, cancellationToken).ConfigureAwait(false);
            OnnxFile.Write(original, reference);
            return await comparer.CompareAsync(candidate, reference, new ProfileSettings { Threads = threads, Window = Window }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
