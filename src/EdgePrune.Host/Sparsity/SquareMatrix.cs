using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>Lower triangles of symmetric matrices, one array a row.</summary>
internal static class SquareMatrix
{
    /// <summary>A lower triangle of zeros.</summary>
    public static double[][] Lower(int size) => [.. Enumerable.Range(1, size).Select(n => new double[n])];

    /// <summary>
    /// The upper triangular U with H^-1 = U^T U, by rows from the diagonal on: row i holds U[i][i], U[i][i + 1], ...
    /// </summary>
    /// <remarks>
    /// With the order of the columns reversed, H = L L^T, and U is L^-1 reversed: H itself is never inverted. What U holds from
    /// column j on belongs to the inverse of the part of H from j on, which is why pruning from left to right needs it only.
    /// </remarks>
    /// <param name="h">Lower triangle of H; not changed.</param>
    /// <returns>U, or null when H is not positive definite.</returns>
    public static double[][]? InverseFactor(double[][] h)
    {
        var n = h.Length;
        var factor = Lower(n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                factor[i][j] = h[n - 1 - j][n - 1 - i];
            }
        }

        if (!TryFactor(factor))
        {
            return null;
        }

        Invert(factor);
        return [.. Enumerable.Range(0, n).Select(i => Reversed(factor[n - 1 - i]))];
    }

    private static bool TryFactor(double[][] a)
    {
        for (var j = 0; j < a.Length; j++)
        {
            var pivot = a[j][j] - TensorPrimitives.SumOfSquares<double>(a[j].AsSpan(0, j));
            if (!(pivot > 0))
            {
                return false;
            }

            a[j][j] = Math.Sqrt(pivot);
            Parallel.For(j + 1, a.Length, i => a[i][j] = (a[i][j] - TensorPrimitives.Dot<double>(a[i].AsSpan(0, j), a[j].AsSpan(0, j))) / a[j][j]);
        }

        return true;
    }

    // Row i of the inverse is (e_i - sum over k < i of L[i][k] times row k) / L[i][i].
    private static void Invert(double[][] l)
    {
        var row = new double[l.Length];
        for (var i = 0; i < l.Length; i++)
        {
            Array.Clear(row, 0, i);
            for (var k = 0; k < i; k++)
            {
                TensorPrimitives.MultiplyAdd<double>(l[k], -l[i][k], row.AsSpan(0, k + 1), row.AsSpan(0, k + 1));
            }

            var scale = 1 / l[i][i];
            TensorPrimitives.Multiply<double>(row.AsSpan(0, i), scale, l[i].AsSpan(0, i));
            l[i][i] = scale;
        }
    }

    private static double[] Reversed(double[] row)
    {
        var copy = (double[])row.Clone();
        Array.Reverse(copy);
        return copy;
    }
}
