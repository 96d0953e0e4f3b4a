namespace EdgePrune.Host.Tests;

public sealed class MatrixProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 17)]
    [InlineData(9, 5, 1300)]
    [InlineData(8, 8, 512)]
    public void Inner_OfAnySizes_IsTheSumOfProducts(int a, int b, int rows)
    {
        var (x, y) = (Columns(a, rows, 1), Columns(b, rows, 2));

        var product = MatrixProduct.Inner(x, y);

        for (var i = 0; i < a; i++)
        {
            for (var j = 0; j < b; j++)
            {
                Assert.Equal(Enumerable.Range(0, rows).Sum(r => (double)x[i][r] * y[j][r]), product[i][j], 1e-3);
            }
        }
    }

    [Fact]
    public void Inner_OfAMatrixWithItself_IsSymmetric()
    {
        var x = Columns(7, 100, 3);

        var (own, other) = (MatrixProduct.Inner(x, x), MatrixProduct.Inner(x, x.ToArray()));

        for (var i = 0; i < 7; i++)
        {
            Assert.All(Enumerable.Range(0, 7), j => Assert.Equal(other[i][j], own[i][j], 1e-9));
            Assert.All(Enumerable.Range(0, 7), j => Assert.Equal(own[j][i], own[i][j]));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 3)]
    public void Combine_OfWeightsAndColumns_IsTheWeightedSum(int outputs, int inputs)
    {
        var x = Columns(inputs, 100, 4);
        var weights = Columns(outputs, inputs, 5).Select(w => w[..inputs].Select(v => (double)v).ToArray()).ToArray();

        var result = MatrixProduct.Combine(weights, x);

        for (var m = 0; m < outputs; m++)
        {
            Assert.All(Enumerable.Range(0, 100), r => Assert.Equal(Enumerable.Range(0, inputs).Sum(c => weights[m][c] * x[c][r]), result[m][r], 1e-5));
        }
    }

    private static float[][] Columns(int columns, int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, columns).Select(_ => Column(random, rows))];
    }

    private static float[] Column(Random random, int rows)
    {
        var column = new float[MatrixProduct.Padded(rows)];
        for (var row = 0; row < rows; row++)
        {
            column[row] = (2 * random.NextSingle()) - 1;
        }

        return column;
    }
}
