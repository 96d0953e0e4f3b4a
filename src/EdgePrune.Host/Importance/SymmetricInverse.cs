using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Inverts a symmetric positive definite matrix in place: A = L L', then L^-1, then A^-1 = (L^-1)' L^-1. Half of size^3
/// multiplications, in tiles of rows that stay in the cache while the other rows stream by.
/// </summary>
internal static class SymmetricInverse
{
    private const int Tile = 32;

    /// <summary>Inverts a matrix.</summary>
    /// <param name="matrix">The matrix; its inverse afterwards, or something useless.</param>
    /// <returns>Whether it is positive definite.</returns>
    public static bool TryInvert(SymmetricMatrix matrix)
    {
        for (var first = 0; first < matrix.Size; first += Tile)
        {
            if (!TryFactor(matrix, first, Math.Min(matrix.Size, first + Tile)))
            {
                return false;
            }
        }

        var rows = new double[Tile][];
        for (var first = 0; first < matrix.Size; first += Tile)
        {
            InvertFactor(matrix, first, Math.Min(matrix.Size, first + Tile), rows);
        }

        for (var first = 0; first < matrix.Size; first += Tile)
        {
            Multiply(matrix, first, Math.Min(matrix.Size, first + Tile), rows);
        }

        return true;
    }

    private static bool TryFactor(SymmetricMatrix l, int first, int end)
    {
        for (var j = 0; j < end; j++)
        {
            var column = l.Row(j);
            for (var i = Math.Max(first, j); i < end; i++)
            {
                var row = l.Row(i);
                var rest = row[j] - TensorPrimitives.Dot<double>(row[..j], column[..j]);
                if (i > j)
                {
                    row[j] = rest / column[j];
                }
                else if (rest > 0)
                {
                    row[j] = Math.Sqrt(rest);
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Row i of L^-1 is (e_i - sum over j < i of L_ij times row j of L^-1) / L_ii.
    private static void InvertFactor(SymmetricMatrix l, int first, int end, double[][] rows)
    {
        Clear(rows, first, end);
        for (var j = 0; j < end; j++)
        {
            if (j >= first)
            {
                Finish(l.Row(j), rows[j - first]);
            }

            var done = l.Row(j);
            for (var i = Math.Max(first, j + 1); i < end; i++)
            {
                var target = rows[i - first].AsSpan(0, j + 1);
                TensorPrimitives.MultiplyAdd(done, -l.Row(i)[j], target, target);
            }
        }
    }

    private static void Finish(Span<double> row, double[] sum)
    {
        var diagonal = row[^1];
        sum[row.Length - 1] += 1;
        TensorPrimitives.Divide(sum.AsSpan(0, row.Length), diagonal, row);
    }

    // Entry (i, j) is the sum over k from i on of M_ki M_kj; rows below the tile are not needed any more.
    private static void Multiply(SymmetricMatrix m, int first, int end, double[][] rows)
    {
        Clear(rows, first, end);
        for (var k = first; k < m.Size; k++)
        {
            var source = m.Row(k);
            for (var i = first; i < end && i <= k; i++)
            {
                var target = rows[i - first].AsSpan(0, i + 1);
                TensorPrimitives.MultiplyAdd(source[..(i + 1)], source[i], target, target);
            }
        }

        for (var i = first; i < end; i++)
        {
            rows[i - first].AsSpan(0, i + 1).CopyTo(m.Row(i));
        }
    }

    private static void Clear(double[][] rows, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            rows[i - first] = new double[i + 1];
        }
    }
}
