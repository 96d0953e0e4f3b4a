namespace EdgePrune.Profiler.Tests;

/// <summary>Seeded series that look like latencies.</summary>
internal static class Noise
{
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Log-normal values whose logarithm is a normal AR(1) process of unit variance.</summary>
    public static double[] Correlated(Random random, int count, double correlation)
    {
        var series = new double[count];
        var state = Normal(random);
        for (var i = 0; i < count; i++)
        {
            series[i] = Math.Exp(state) * 1e5;
            state = (correlation * state) + (Math.Sqrt(1 - (correlation * correlation)) * Normal(random));
        }

        return series;
    }
}
