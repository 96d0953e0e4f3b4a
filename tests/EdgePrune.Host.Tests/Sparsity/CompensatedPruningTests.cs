using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class CompensatedPruningTests
{
    private const int Rows = 5;
    private const int Columns = 12;

    [Theory]
    [InlineData("unstructured", 1)]
    [InlineData("unstructured", 2)]
    [InlineData("2:4", 3)]
    [InlineData("1:3", 4)]
    public void Prune_TinyLayer_IsTheLeastSquaresFitOfItsMask(string pattern, int seed)
    {
        var h = Covariance(seed);
        var originals = Matrix(new Random(seed), Rows);
        var rows = Array.ConvertAll(originals, r => (double[])r.Clone());
        var removed = new CompensatedPruning(Layer(), SparsityPattern.Parse(pattern)).Prune(rows, h, SquareMatrix.InverseFactor(h)!, Rows * Columns / 2);
        for (var row = 0; row < Rows; row++)
        {
            Assert.All(removed[row].Index(), r => Assert.True(!r.Item || rows[row][r.Index] == 0));
            var (got, exact) = (Error(h, originals[row], rows[row]), Error(h, originals[row], Exact(h, originals[row], removed[row])));
            Assert.InRange(got, exact * (1 - 1e-9), (exact * (1 + 1e-6)) + 1e-12);
        }

        Assert.Equal(pattern == "1:3" ? Rows * Columns * 2 / 3 : Rows * Columns / 2, removed.Sum(r => r.Count(x => x)));
    }

    [Fact]
    public void Prune_CorrelatedInputs_LosesLessThanTheBestOf200MasksByChance()
    {
        var h = Covariance(9);
        var original = Matrix(new Random(9), Rows);
        var rows = Array.ConvertAll(original, r => (double[])r.Clone());
        new CompensatedPruning(Layer(), SparsityPattern.Unstructured).Prune(rows, h, SquareMatrix.InverseFactor(h)!, Rows * Columns / 2);
        var random = new Random(1);
        var best = Enumerable.Range(0, 200).Min(_ =>
        {
            var mask = Enumerable.Range(0, Rows * Columns).Select(i => i < Rows * Columns / 2).ToArray();
            random.Shuffle(mask);
            return mask.Chunk(Columns).Select((m, r) => Error(h, original[r], Exact(h, original[r], m))).Sum();
        });

        Assert.True(rows.Select((r, i) => Error(h, original[i], r)).Sum() < best);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void InverseFactor_OfARandomMatrix_SquaredTimesTheMatrixIsTheUnit(int size)
    {
        var h = Covariance(7, size);
        var factor = SquareMatrix.InverseFactor(h)!;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < size; k++)
                {
                    sum += Enumerable.Range(0, Math.Min(i, k) + 1).Sum(l => factor[l][i - l] * factor[l][k - l]) * At(h, k, j);
                }

                Assert.Equal(i == j ? 1 : 0, sum, 1e-8);
            }
        }
    }

    [Fact]
    public void InverseFactor_OfANegativeOrInfiniteMatrix_IsNone()
    {
        Assert.Null(SquareMatrix.InverseFactor([[1], [2, 1]]));
        Assert.Null(SquareMatrix.InverseFactor([[double.NaN]]));
    }

    private static SparsityLayer Layer()
    {
        GraphBuilder g = new(1);
        g.Output(g.MatMul(g.BatchInput(Columns), Rows));
        var graph = g.Build().Graph;
        return Assert.Single(SparsityLayers.Find(graph, ShapeInference.Infer(graph)).Layers);
    }

    private static double[][] Matrix(Random random, int rows, int columns = Columns) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => (random.NextDouble() * 2) - 1).ToArray())];

    // Of inputs that overlap, as neighbouring ones do.
    private static double[][] Covariance(int seed, int size = Columns)
    {
        var data = Matrix(new Random(seed + 100), 3 * size, size);
        foreach (var row in data)
        {
            for (var i = 1; i < size; i++)
            {
                row[i] += 0.8 * row[i - 1];
            }
        }

        var h = SquareMatrix.Lower(size);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                h[i][j] = data.Average(r => r[i] * r[j]) + (i == j ? 0.01 : 0);
            }
        }

        return h;
    }

    private static double At(double[][] h, int i, int j) => i >= j ? h[i][j] : h[j][i];

    private static double Error(double[][] h, double[] from, double[] to)
    {
        var sum = 0.0;
        for (var i = 0; i < h.Length; i++)
        {
            for (var j = 0; j < h.Length; j++)
            {
                sum += (from[i] - to[i]) * At(h, i, j) * (from[j] - to[j]);
            }
        }

        return sum;
    }

    // H_kk w_k = (H v)_k over the kept k.
    private static double[] Exact(double[][] h, double[] original, bool[] removed)
    {
        int[] kept = [.. Enumerable.Range(0, h.Length).Where(i => !removed[i])];
        double[][] a = [.. kept.Select(i => kept.Select(j => At(h, i, j)).ToArray())];
        double[] b = [.. kept.Select(i => Enumerable.Range(0, h.Length).Sum(j => At(h, i, j) * original[j]))];
        Assert.True(kept.Length == 0 || Cholesky.TrySolve(a, [b]));
        var row = new double[h.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            row[kept[i]] = b[i];
        }

        return row;
    }
}
