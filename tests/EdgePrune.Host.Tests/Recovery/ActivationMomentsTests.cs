namespace EdgePrune.Host.Tests;

public sealed class ActivationMomentsTests
{
    [Fact]
    public void Behind_ReluOfNormalChannels_HasTheMomentsThatDrawingGives()
    {
        var before = new ChannelMoments([0.3, -0.4], [[1.0, 0.6], [0.6, 0.8]], []);

        var behind = ActivationMoments.Behind(before, x => Math.Max(0, x));

        var (mean, covariance) = Draw(x => Math.Max(0, x));
        Assert.Equal(mean[0], behind.Mean[0], 0.01);
        Assert.Equal(mean[1], behind.Mean[1], 0.01);
        Assert.Equal(covariance[0], behind.Covariance[0][0], 0.015);
        Assert.Equal(covariance[1], behind.Covariance[0][1], 0.015);
        Assert.Equal(covariance[2], behind.Covariance[1][1], 0.015);
    }

    [Fact]
    public void Behind_TheIdentity_ChangesNothing()
    {
        var before = new ChannelMoments([0.3, -0.4], [[1.0, -0.6], [-0.6, 0.8]], []);

        var behind = ActivationMoments.Behind(before, x => x);

        Assert.Equal(before.Mean[1], behind.Mean[1], 1e-6);
        Assert.Equal(before.Covariance[0][1], behind.Covariance[0][1], 1e-5);
        Assert.Equal(before.Covariance[1][1], behind.Covariance[1][1], 1e-5);
    }

    private static (double[] Mean, double[] Covariance) Draw(Func<double, double> function)
    {
        var random = new Random(1);
        var (sums, products, count) = (new double[2], new double[3], 200_000);
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (Normal(random), Normal(random));
            var x = function(0.3 + a);
            var y = function(-0.4 + (0.6 * a) + (Math.Sqrt(0.8 - 0.36) * b));
            (sums[0], sums[1]) = (sums[0] + x, sums[1] + y);
            (products[0], products[1], products[2]) = (products[0] + (x * x), products[1] + (x * y), products[2] + (y * y));
        }

        var (meanX, meanY) = (sums[0] / count, sums[1] / count);
        return ([meanX, meanY], [(products[0] / count) - (meanX * meanX), (products[1] / count) - (meanX * meanY), (products[2] / count) - (meanY * meanY)]);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
