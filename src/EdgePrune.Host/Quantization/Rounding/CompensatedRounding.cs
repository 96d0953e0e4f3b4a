using System.Runtime.InteropServices;
using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Rounds a weight column by column; what rounding one column does to the outputs, the columns that are still to come make up
/// for (Frantar et al., GPTQ, ICLR 2023, after the optimal brain surgeon of Hassibi and Stork).
/// </summary>
/// <remarks>
/// H is the covariance of the inputs, with what rounding of the activations adds to its diagonal; H^-1 = U^T U. Rounding column j by e_j moves
/// the columns behind it by -e_j / U_jj times U_j. Columns of much variance come first, while there are many left to make up for them.
/// Columns make up for those of their own segment only. The scale of each row is searched first: the largest weight may be clipped
/// where that makes the rest finer by more.
/// </remarks>
/// <param name="layer">The layer.</param>
/// <param name="factor">What every weight is multiplied with, as Gemm's alpha.</param>
internal sealed class CompensatedRounding(SparsityLayer layer, float factor)
{
    private const double Damping = 0.01;
    private const double SmallestShare = 0.7;
    private const double Step = 0.02;

    private readonly sbyte[] _rounded = new sbyte[layer.Count];
    private readonly float[] _scales = new float[layer.Rows];
    private readonly float[] _weights = Array.ConvertAll(layer.Read(), w => w * factor);

    /// <summary>Rounds the weight.</summary>
    /// <param name="matrices">The lower triangles of H for the segments of a block, in their order; changed.</param>
    /// <param name="leastScales">The smallest scale of each row.</param>
    /// <param name="clips">Whether the largest weights may be clipped.</param>
    /// <param name="compensates">Whether later columns make up for earlier ones; otherwise each goes to its nearest integer.</param>
    public RoundedWeight Round(Func<int, List<double[][]>> matrices, float[] leastScales, bool clips, bool compensates)
    {
        for (var block = 0; block < layer.Blocks; block++)
        {
            var segments = matrices(block);
            Damp(segments);
            double[] importance = [.. segments.SelectMany(h => h.Select((row, i) => row[i]))];
            Parallel.For(block * layer.RowsOfBlock, (block + 1) * layer.RowsOfBlock, row =>
                _scales[row] = Math.Max(leastScales[row], Scale(_weights.AsSpan(row * layer.Columns, layer.Columns), importance, clips)));
            var first = 0;
            foreach (var h in segments)
            {
                RoundSegment(block, first, h, compensates);
                first += h.Length;
            }
        }

        var values = layer.Laid(_rounded);
        return new RoundedWeight(new Tensor(ElementType.Int8, layer.Weight.Constant!.Dims, MemoryMarshal.AsBytes<sbyte>(values).ToArray()), _scales);
    }

    /// <summary>What the outputs lose in the mean by rounding, for each row.</summary>
    /// <param name="mean">Mean of a block's column.</param>
    public float[] MeanShift(Func<int, int, double> mean)
    {
        var shift = new float[layer.Rows];
        for (var row = 0; row < shift.Length; row++)
        {
            var sum = 0.0;
            for (var column = 0; column < layer.Columns; column++)
            {
                var at = (row * layer.Columns) + column;
                sum += (_weights[at] - ((double)_scales[row] * _rounded[at])) * mean(layer.BlockOf(row), column);
            }

            shift[row] = (float)sum;
        }

        return shift;
    }

    private static void Damp(List<double[][]> segments)
    {
        var mean = segments.SelectMany(h => h.Select((row, i) => row[i])).Average();
        var damping = mean > 0 ? Damping * mean : 1;
        foreach (var h in segments)
        {
            for (var i = 0; i < h.Length; i++)
            {
                h[i][i] += damping;
            }
        }
    }

    private static float Scale(ReadOnlySpan<float> row, double[] importance, bool clips)
    {
        var whole = Math.Abs((double)TensorPrimitives.MaxMagnitude(row));
        whole = Math.Max(whole / WeightQuantizer.Largest, AffineParameters.SmallestScale);
        var (best, least) = (whole, double.PositiveInfinity);
        for (var share = 1.0; share >= (clips ? SmallestShare : 1); share -= Step)
        {
            if (Loss(row, importance, whole * share) is var loss && loss < least)
            {
                (best, least) = (whole * share, loss);
            }
        }

        return (float)best;
    }

    private static double Loss(ReadOnlySpan<float> row, double[] importance, double scale)
    {
        var loss = 0.0;
        for (var j = 0; j < row.Length; j++)
        {
            var e = row[j] - (scale * Nearest(row[j], scale));
            loss += importance[j] * e * e;
        }

        return loss;
    }

    private void RoundSegment(int block, int first, double[][] h, bool compensates)
    {
        int[] order = [.. Enumerable.Range(0, h.Length).OrderByDescending(j => h[j][j])];
        var factors = compensates ? SquareMatrix.InverseFactor(Permuted(h, order)) : null;
        Parallel.For(block * layer.RowsOfBlock, (block + 1) * layer.RowsOfBlock, row => RoundRow((row * layer.Columns) + first, _scales[row], order, factors));
    }

    private void RoundRow(int first, double scale, int[] order, double[][]? factors)
    {
        var open = Array.ConvertAll(order, j => (double)_weights[first + j]);
        for (var t = 0; t < open.Length; t++)
        {
            var integer = Nearest(open[t], scale);
            _rounded[first + order[t]] = integer;
            if (factors is not null)
            {
                var error = (open[t] - (scale * integer)) / factors[t][0];
                TensorPrimitives.MultiplyAdd<double>(factors[t], -error, open.AsSpan(t), open.AsSpan(t));
            }
        }
    }

    private static sbyte Nearest(double weight, double scale) => (sbyte)Math.Clamp(Math.Round(weight / scale), -WeightQuantizer.Largest, WeightQuantizer.Largest);

    private static double[][] Permuted(double[][] h, int[] order)
    {
        var permuted = SquareMatrix.Lower(order.Length);
        for (var i = 0; i < order.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                permuted[i][j] = h[Math.Max(order[i], order[j])][Math.Min(order[i], order[j])];
            }
        }

        return permuted;
    }
}
