using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Fits the kept weights of a row to the original row: minimises (w - v)^T H (w - v) over the weights that the mask keeps,
/// by conjugate gradients scaled with the diagonal of H.
/// </summary>
internal sealed class MaskedLeastSquares(double[][] h)
{
    private const int MostSteps = 40;
    private const double Enough = 1e-10;

    private readonly double[] _diagonal = [.. h.Select((row, i) => row[i])];

    /// <summary>Improves a row in place; removed weights stay 0. The error never grows.</summary>
    public void Fit(ReadOnlySpan<double> original, Span<double> row, ReadOnlySpan<bool> removed)
    {
        var n = row.Length;
        var (residual, scaled, direction, product) = (new double[n], new double[n], new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            direction[i] = original[i] - row[i];
        }

        SquareMatrix.Multiply(h, direction, residual);
        Precondition(residual, scaled, removed);
        scaled.CopyTo(direction, 0);
        var (energy, first) = (TensorPrimitives.Dot<double>(residual, scaled), TensorPrimitives.Dot<double>(residual, scaled));
        for (var step = 0; step < MostSteps && energy > first * Enough && energy > 0; step++)
        {
            SquareMatrix.Multiply(h, direction, product);
            var length = energy / TensorPrimitives.Dot<double>(direction, product);
            TensorPrimitives.MultiplyAdd<double>(direction, length, row, row);
            TensorPrimitives.MultiplyAdd<double>(product, -length, residual, residual);
            Precondition(residual, scaled, removed);
            var next = TensorPrimitives.Dot<double>(residual, scaled);
            TensorPrimitives.MultiplyAdd<double>(direction, next / energy, scaled, direction);
            energy = next;
        }
    }

    private void Precondition(double[] residual, double[] scaled, ReadOnlySpan<bool> removed)
    {
        for (var i = 0; i < residual.Length; i++)
        {
            residual[i] = removed[i] ? 0 : residual[i];
            scaled[i] = residual[i] / _diagonal[i];
        }
    }
}
