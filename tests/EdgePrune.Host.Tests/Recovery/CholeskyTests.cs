using CsCheck;

namespace EdgePrune.Host.Tests;

public sealed class CholeskyTests
{
    [Fact]
    public void TrySolve_RandomPositiveDefiniteSystems_GivesBackTheRightHandSide() =>
        (from size in Gen.Int[1, 12]
         from values in Gen.Double[-1, 1].Array[size * size]
         from right in Gen.Double[-1, 1].Array[size]
         select (size, values, right))
        .Sample(c =>
        {
            var a = Positive(c.values, c.size);
            double[][] x = [[.. c.right]];
            Assert.True(Cholesky.TrySolve(Positive(c.values, c.size), x));
            for (var i = 0; i < c.size; i++)
            {
                Assert.Equal(c.right[i], Enumerable.Range(0, c.size).Sum(j => a[i][j] * x[0][j]), 1e-8);
            }
        });

    [Fact]
    public void TrySolve_AnIndefiniteSystem_SaysSo() => Assert.False(Cholesky.TrySolve([[1, 2], [2, 1]], [[1, 1]]));

    private static double[][] Positive(double[] values, int size) =>
        [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => Enumerable.Range(0, size).Sum(k => values[(i * size) + k] * values[(j * size) + k]) + (i == j ? 0.1 : 0)).ToArray())];
}
