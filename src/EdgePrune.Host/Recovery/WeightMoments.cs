using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Mean and covariance of a layer's output, from those of its input and its weights.</summary>
internal static class WeightMoments
{
    /// <summary>With W_t the weights of tap t and r_ts the correlation of places, the covariance is the sum of r_ts W_t C W_s'.</summary>
    /// <param name="layer">The layer of the original.</param>
    /// <param name="input">Moments of its data.</param>
    /// <param name="offset">Its bias.</param>
    public static ChannelMoments Behind(Contraction layer, ChannelMoments input, double[] offset)
    {
        var view = WeightView.Of(layer);
        var (taps, correlations) = Taps(layer, view, input);
        var mixed = correlations.Select(row => Weighted(taps, row)).ToArray();
        var spread = Array.ConvertAll(taps, tap => MatrixProduct.Combine(tap, Columns(input.Covariance)));
        var covariance = Rows(view.Outputs, view.Outputs);
        for (var t = 0; t < taps.Length; t++)
        {
            Add(covariance, MatrixProduct.Inner(Array.ConvertAll(mixed[t], Padded), spread[t]));
        }

        var means = offset.Select((b, m) => b + taps.Sum(tap => System.Numerics.Tensors.TensorPrimitives.Dot<double>(tap[m], input.Mean))).ToArray();
        return new ChannelMoments(means, covariance, []);
    }

    // Positions of a flattened channel are taps like those of a kernel: [tap][output][channel].
    private static (double[][][] Taps, double[][] Correlations) Taps(Contraction layer, WeightView view, ChannelMoments input)
    {
        var values = layer.Weight.Value.Constant!.ToFloats();
        var positions = view.Inputs / input.Mean.Length;
        var grid = input.Grid.Length > 0 ? input.Grid : KernelOf(layer, view);
        var taps = new double[positions * view.Taps][][];
        for (var t = 0; t < taps.Length; t++)
        {
            taps[t] = Rows(view.Outputs, input.Mean.Length);
        }

        for (var output = 0; output < view.Outputs; output++)
        {
            for (var index = 0; index < view.Inputs; index++)
            {
                for (var tap = 0; tap < view.Taps && view.BlockOfInput(index) == view.BlockOfOutput(output); tap++)
                {
                    taps[(index % positions * view.Taps) + tap][output][index / positions] = values[view.Index(output, index, tap)] * (double)layer.SumScale;
                }
            }
        }

        return (taps, ChannelMoments.Correlations(grid));
    }

    private static long[] KernelOf(Contraction layer, WeightView view) => view.Taps == 1 ? [] : layer.Weight.Value.Constant!.Dims[2..].ToArray();

    private static double[][] Weighted(double[][][] taps, double[] factors)
    {
        var sum = Rows(taps[0].Length, taps[0][0].Length);
        for (var t = 0; t < taps.Length; t++)
        {
            for (var m = 0; m < sum.Length; m++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<double>(taps[t][m], factors[t], sum[m], sum[m]);
            }
        }

        return sum;
    }

    private static float[][] Columns(double[][] matrix) => Array.ConvertAll(matrix, Padded);

    private static float[] Padded(double[] row)
    {
        var padded = new float[MatrixProduct.Padded(row.Length)];
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<double, float>(row, padded);
        return padded;
    }

    private static double[][] Rows(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];

    private static void Add(double[][] sum, double[][] term)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            System.Numerics.Tensors.TensorPrimitives.Add<double>(sum[i], term[i], sum[i]);
        }
    }
}
