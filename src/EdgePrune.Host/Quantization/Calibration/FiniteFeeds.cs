using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Refuses samples with values that are no numbers.</summary>
internal static class FiniteFeeds
{
    /// <summary>Looks at one batch.</summary>
    /// <param name="feeds">The batch.</param>
    /// <param name="start">Number of its first sample.</param>
    /// <param name="count">Number of its samples.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidSampleFile"/>.</exception>
    public static void Require(IReadOnlyDictionary<string, Tensor> feeds, int start, int count)
    {
        foreach (var (name, tensor) in feeds.Where(f => f.Value.ElementType == ElementType.Float32))
        {
            foreach (var value in tensor.Span<float>())
            {
                if (!float.IsFinite(value))
                {
                    throw new InputException(ErrorCode.InvalidSampleFile,
                        $"One of the samples {start} to {start + count - 1} holds a value for input '{name}' that is not a finite number. Remove it, or repair the preprocessing that made it.");
                }
            }
        }
    }
}
