namespace EdgePrune.Profiler;

/// <summary>
/// The beta distribution, which is that of an order statistic's share: the k-th smallest of n independent values is at or below
/// the p-quantile with probability I_p(k, n + 1 − k).
/// </summary>
internal static class BetaDistribution
{
    private const int MaxTerms = 100_000;
    private const double Precision = 1e-12;
    private const double Tiny = 1e-300;

    /// <summary>The regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz and Stegun 26.5.8).</summary>
    /// <param name="x">Range: 0 to 1.</param>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    /// <returns>The probability. Range: 0 to 1.</returns>
    public static double Cdf(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        // The fraction converges fast on this side of the mean only; the other side is one minus the mirrored value.
        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - Cdf(1 - x, b, a);
        }

        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return Math.Clamp(front / a * Fraction(x, a, b), 0, 1);
    }

    // Lentz's method: the fraction 1 / (1 + d1 / (1 + d2 / ...)), with its even and odd terms in one step.
    private static double Fraction(double x, double a, double b)
    {
        double c = 1, d = 1 / NotZero(1 - ((a + b) * x / (a + 1))), value = d;
        for (var m = 1; m < MaxTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            value *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            var step = d * c;
            value *= step;
            if (Math.Abs(step - 1) < Precision)
            {
                break;
            }
        }

        return value;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    // Stirling's series after moving the argument above 10: better than 1e-12 there.
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 10; x++)
        {
            shift -= Math.Log(x);
        }

        var inverse = 1 / (x * x);
        var series = (1.0 / 12 - (inverse * (1.0 / 360 - (inverse * (1.0 / 1260 - (inverse / 1680)))))) / x;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series;
    }
}
