using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgePrune.Host;

/// <summary>Products of tall matrices whose columns are stored one after the other, summed in double.</summary>
internal static class MatrixProduct
{
    // Sums in single precision stay this short before they are added up in double.
    private const int Chunk = 512;

    // Rows that are combined at a time: few enough for all their columns to stay in the cache.
    private const int Band = 64;

    /// <summary>Length that a column must have: the number of rows, filled up with zeros.</summary>
    public static int Padded(int rows) => (rows + 15) / 16 * 16;

    /// <summary>Inner products of every column of <paramref name="a"/> with every column of <paramref name="b"/>.</summary>
    public static double[][] Inner(ReadOnlyMemory<float[]> a, ReadOnlyMemory<float[]> b)
    {
        var product = new double[a.Length][];
        for (var i = 0; i < product.Length; i++)
        {
            product[i] = new double[b.Length];
        }

        var symmetric = a.Equals(b);
        Parallel.For(0, (a.Length + 3) / 4, tile => Tile(a.Span, b.Span, tile * 4, symmetric ? tile * 4 : 0, product));
        for (var i = 0; symmetric && i < product.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                product[i][j] = product[j][i];
            }
        }

        return product;
    }

    /// <summary>Weights times columns: one result column for each row of weights.</summary>
    public static float[][] Combine(double[][] weights, ReadOnlyMemory<float[]> columns)
    {
        var length = columns.Span[0].Length;
        var result = Array.ConvertAll(weights, _ => new float[length]);
        var factors = Array.ConvertAll(weights, row => Array.ConvertAll(row, w => (float)w));
        Parallel.For(0, (length + Band - 1) / Band, part =>
        {
            for (var row = 0; row < factors.Length; row += 4)
            {
                CombineBand(factors, columns.Span, row, (part * Band, Math.Min(Band, length - (part * Band))), result);
            }
        });
        return result;
    }

    // Four results at a time, so that each column is loaded once for all of them.
    private static void CombineBand(float[][] weights, ReadOnlySpan<float[]> columns, int first, (int Start, int Size) band, float[][] result)
    {
        var last = weights.Length - 1;
        var (w0, w1, w2, w3) = (weights[first], weights[Math.Min(first + 1, last)], weights[Math.Min(first + 2, last)], weights[Math.Min(first + 3, last)]);
        var width = Vector<float>.Count;
        for (var at = band.Start; at < band.Start + band.Size; at += width)
        {
            Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var column = 0; column < columns.Length; column++)
            {
                var x = new Vector<float>(columns[column], at);
                s0 = Vector.FusedMultiplyAdd(x, new Vector<float>(w0[column]), s0);
                s1 = Vector.FusedMultiplyAdd(x, new Vector<float>(w1[column]), s1);
                s2 = Vector.FusedMultiplyAdd(x, new Vector<float>(w2[column]), s2);
                s3 = Vector.FusedMultiplyAdd(x, new Vector<float>(w3[column]), s3);
            }

            ReadOnlySpan<Vector<float>> sums = [s0, s1, s2, s3];
            for (var i = 0; i < 4 && first + i <= last; i++)
            {
                sums[i].CopyTo(result[first + i], at);
            }
        }
    }

    // Four columns of a at a time, two of b: what is loaded once is used often.
    private static void Tile(ReadOnlySpan<float[]> a, ReadOnlySpan<float[]> b, int first, int from, double[][] product)
    {
        var rows = a[0].Length;
        for (var start = 0; start < rows; start += Chunk)
        {
            var size = Math.Min(Chunk, rows - start);
            for (var j = from; j < b.Length; j += 2)
            {
                Pair(a, b, (first, j), (start, size), product);
            }
        }
    }

    private static void Pair(ReadOnlySpan<float[]> a, ReadOnlySpan<float[]> b, (int A, int B) at, (int Start, int Size) part, double[][] product)
    {
        var (lastA, lastB) = (a.Length - 1, b.Length - 1);
        var a0 = Part(a[at.A], part);
        var a1 = Part(a[Math.Min(at.A + 1, lastA)], part);
        var a2 = Part(a[Math.Min(at.A + 2, lastA)], part);
        var a3 = Part(a[Math.Min(at.A + 3, lastA)], part);
        var b0 = Part(b[at.B], part);
        var b1 = Part(b[Math.Min(at.B + 1, lastB)], part);
        Vector<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        for (var k = 0; k < a0.Length; k++)
        {
            var (x, y) = (b0[k], b1[k]);
            s00 = Vector.FusedMultiplyAdd(a0[k], x, s00);
            s01 = Vector.FusedMultiplyAdd(a0[k], y, s01);
            s10 = Vector.FusedMultiplyAdd(a1[k], x, s10);
            s11 = Vector.FusedMultiplyAdd(a1[k], y, s11);
            s20 = Vector.FusedMultiplyAdd(a2[k], x, s20);
            s21 = Vector.FusedMultiplyAdd(a2[k], y, s21);
            s30 = Vector.FusedMultiplyAdd(a3[k], x, s30);
            s31 = Vector.FusedMultiplyAdd(a3[k], y, s31);
        }

        ReadOnlySpan<float> left = [Vector.Sum(s00), Vector.Sum(s10), Vector.Sum(s20), Vector.Sum(s30)];
        ReadOnlySpan<float> right = [Vector.Sum(s01), Vector.Sum(s11), Vector.Sum(s21), Vector.Sum(s31)];
        for (var i = 0; i < 4 && at.A + i < a.Length; i++)
        {
            product[at.A + i][at.B] += left[i];
            if (at.B < lastB)
            {
                product[at.A + i][at.B + 1] += right[i];
            }
        }
    }

    private static ReadOnlySpan<Vector<float>> Part(float[] column, (int Start, int Size) part) =>
        MemoryMarshal.Cast<float, Vector<float>>(column.AsSpan(part.Start, part.Size));
}
