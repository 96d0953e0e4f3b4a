namespace EdgePrune.Host;

/// <summary>
/// The range whose 256 levels leave the smallest mean squared error: what clipping costs outside against what finer steps
/// win inside. Banner et al., Post training 4-bit quantization, NeurIPS 2019, here over the histogram itself instead of a
/// distribution fitted to it.
/// </summary>
/// <remarks>
/// Both ends move in turn, each over shares of its distance from 0; the range always holds 0, which must be exact.
/// Worked example: a million values in [0, 1] and one of 100: the step 100/255 costs 0.013 for each of the million, the step 1/255 next to
/// nothing, and the one clipped value 9801/1,000,001 = 0.0098 in the mean; so the end moves in.
/// </remarks>
internal static class SquaredErrorRange
{
    private const int Rounds = 2;
    private const int Shares = 64;

    // A tighter range than this share of what was seen is for distributions with rare huge outliers; each step down is an eighth less.
    private const double Shrink = 0.875;

    /// <summary>Finds the range.</summary>
    /// <param name="histogram">Counts of the values.</param>
    /// <param name="seen">Lowest and highest value.</param>
    public static ValueRange Find(ValueHistogram histogram, ValueRange seen)
    {
        var points = histogram.Points();
        var (low, high) = (Math.Min(0.0, seen.Low), Math.Max(0.0, seen.High));
        if (high <= low || points.Length == 0)
        {
            return seen;
        }

        for (var round = 0; round < Rounds; round++)
        {
            high = Best(high, end => Error(points, low, end));
            low = Best(low, end => Error(points, end, high));
        }

        return new ValueRange((float)low, (float)high);
    }

    /// <summary>Mean squared error of rounding to the 256 levels of a range.</summary>
    internal static double Error((double Value, long Count)[] points, double low, double high)
    {
        if (high <= low)
        {
            return double.PositiveInfinity;
        }

        var scale = (high - low) / 255;
        var zero = Math.Round(-128 - (low / scale));
        var (sum, count) = (0.0, 0L);
        foreach (var (value, times) in points)
        {
            var rounded = scale * (Math.Clamp(Math.Round(value / scale) + zero, -128, 127) - zero);
            sum += times * (value - rounded) * (value - rounded);
            count += times;
        }

        return sum / count;
    }

    private static double Best(double end, Func<double, double> error)
    {
        if (end == 0)
        {
            return 0;
        }

        // Coarse first, over many magnitudes, then fine around the best.
        var (best, least) = (end, error(end));
        for (var share = Shrink; share > 1e-3; share *= Shrink)
        {
            Try(end * share);
        }

        var around = best;
        for (var i = 1; i < Shares / 4; i++)
        {
            var step = (1 - Shrink) * i / (Shares / 4);
            Try(around * (1 - step));
            if (Math.Abs(around * (1 + step)) <= Math.Abs(end))
            {
                Try(around * (1 + step));
            }
        }

        return best;

        void Try(double candidate)
        {
            if (error(candidate) is var e && e < least)
            {
                (best, least) = (candidate, e);
            }
        }
    }
}
