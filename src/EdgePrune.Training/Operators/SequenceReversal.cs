using TorchSharp;

namespace EdgePrune.Training;

/// <summary>The first steps of every sequence backwards, the rest as it is: a b c d of length 3 becomes c b a d.</summary>
internal static class SequenceReversal
{
    /// <param name="x">Sequences [steps, batch, ...].</param>
    /// <param name="lengths">Length of each.</param>
    /// <returns>The reversed sequences.</returns>
    public static torch.Tensor Of(torch.Tensor x, long[] lengths)
    {
        var (shape, steps, batch) = (x.shape, (int)x.shape[0], lengths.Length);
        var places = new long[steps * batch];
        for (var step = 0; step < steps; step++)
        {
            for (var sequence = 0; sequence < batch; sequence++)
            {
                places[(step * batch) + sequence] = step < lengths[sequence] ? lengths[sequence] - 1 - step : step;
            }
        }

        var index = torch.tensor(places).reshape([steps, batch, .. Enumerable.Repeat(1L, shape.Length - 2)]);
        return x.gather(0, index.expand(shape));
    }
}
