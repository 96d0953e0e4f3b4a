namespace EdgePrune.Host;

/// <summary>
/// Rounds a weight in blocks of its inputs: value = (q - zero point) * scale, q of 4 or 8 bits, with a scale and, if wanted, a zero point for each
/// block. Layout of com.microsoft.MatMulNBits: blocks of one output after the other, the last one filled up, 4-bit numbers two a byte, the lower
/// half first.
/// </summary>
internal sealed class BlockQuantizer
{
    // Shares of a block's range that the numbers cover: clipping the largest may serve the others better.
    private static readonly double[] Shares = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65];

    private readonly float[] _columns;
    private readonly int _inputs;
    private readonly int _bits;
    private readonly int _block;
    private readonly int _blocks;

    private BlockQuantizer(float[] columns, int inputs, int bits, int block)
    {
        (_columns, _inputs, _bits, _block) = (columns, inputs, bits, block);
        _blocks = BlocksOf(inputs, block);
    }

    /// <summary>Blocks of each output.</summary>
    public static int BlocksOf(int inputs, int block) => (inputs + block - 1) / block;

    /// <summary>Rounds a weight.</summary>
    /// <param name="columns">The weights, those of one output after the other.</param>
    /// <param name="inputs">Weights of an output.</param>
    /// <param name="bits">4 or 8.</param>
    /// <param name="block">Weights in a block.</param>
    /// <param name="zeroPoints">Whether each block has a zero point; else it is the middle of the numbers.</param>
    /// <returns>The rounded weight: scale by scale the one with the least squared error of those tried.</returns>
    public static BlockTensor Quantize(float[] columns, int inputs, int bits, int block, bool zeroPoints) =>
        new BlockQuantizer(columns, inputs, bits, block).Quantize(columns.Length / inputs, zeroPoints);

    private BlockTensor Quantize(int outputs, bool zeroPoints)
    {
        var result = new BlockTensor(
            new byte[outputs * _blocks * _block * _bits / 8],
            new float[outputs * _blocks],
            zeroPoints ? new byte[outputs * (((_blocks * _bits) + 7) / 8)] : null,
            _block);
        var errors = new double[outputs];
        Parallel.For(0, outputs, n => errors[n] = QuantizeColumn(n, result));
        return result with { SquaredError = errors.Sum() };
    }

    private double QuantizeColumn(int n, BlockTensor result)
    {
        var error = 0.0;
        for (var b = 0; b < _blocks; b++)
        {
            var start = b * _block;
            var values = _columns.AsSpan((n * _inputs) + start, Math.Min(_block, _inputs - start));
            var best = result.ZeroPoints is null ? Symmetric(values) : WithZeroPoint(values);
            error += best.Error;
            result.Scales[(n * _blocks) + b] = best.Scale;
            if (result.ZeroPoints is { } zeroPoints)
            {
                Store(zeroPoints.AsSpan(n * (zeroPoints.Length / (result.Scales.Length / _blocks))), b, best.ZeroPoint);
            }

            var stored = result.Numbers.AsSpan(((n * _blocks) + b) * _block * _bits / 8);
            for (var i = 0; i < _block; i++)
            {
                Store(stored, i, i < values.Length ? Round(values[i], best.Scale, best.ZeroPoint) : best.ZeroPoint);
            }
        }

        return error;
    }

    // The numbers reach one further below the middle than above: the sign of the scale says on which side the larger weights are.
    private (float Scale, int ZeroPoint, double Error) Symmetric(ReadOnlySpan<float> values)
    {
        var (low, high) = Extremes(values);
        var middle = 1 << (_bits - 1);
        var best = Zero(values, middle);
        foreach (var share in Shares)
        {
            var bound = share * Math.Max(high, -low);
            best = Better(best, values, bound / middle, middle);
            best = Better(best, values, -bound / middle, middle);
            best = Better(best, values, bound / (middle - 1), middle);
        }

        return best;
    }

    private (float Scale, int ZeroPoint, double Error) WithZeroPoint(ReadOnlySpan<float> values)
    {
        var (low, high) = Extremes(values);
        var best = Zero(values, 0);
        foreach (var share in Shares)
        {
            var scale = share * (high - low) / Largest;
            best = Better(best, values, scale, scale > 0 ? (int)Math.Clamp(Math.Round(-share * low / scale), 0, Largest) : 0);
        }

        return best;
    }

    private int Largest => (1 << _bits) - 1;

    private (float Scale, int ZeroPoint, double Error) Better((float Scale, int ZeroPoint, double Error) best, ReadOnlySpan<float> values, double scale, int zeroPoint)
    {
        if (!float.IsNormal((float)scale))
        {
            return best;
        }

        var fitted = Fit(values, (float)scale, zeroPoint);
        foreach (var candidate in float.IsNormal(fitted) ? [(float)scale, fitted] : new[] { (float)scale })
        {
            var error = ErrorOf(values, candidate, zeroPoint);
            best = error < best.Error ? (candidate, zeroPoint, error) : best;
        }

        return best;
    }

    // The scale with the least squared error for the numbers that another scale gives.
    private float Fit(ReadOnlySpan<float> values, float scale, int zeroPoint)
    {
        var (product, square) = (0.0, 0.0);
        foreach (var value in values)
        {
            double q = Round(value, scale, zeroPoint) - zeroPoint;
            product += q * value;
            square += q * q;
        }

        return square > 0 ? (float)(product / square) : scale;
    }

    private double ErrorOf(ReadOnlySpan<float> values, float scale, int zeroPoint)
    {
        var error = 0.0;
        foreach (var value in values)
        {
            var difference = value - (double)(scale * (Round(value, scale, zeroPoint) - zeroPoint));
            error += difference * difference;
        }

        return error;
    }

    private (float Scale, int ZeroPoint, double Error) Zero(ReadOnlySpan<float> values, int zeroPoint)
    {
        var error = 0.0;
        foreach (var value in values)
        {
            error += (double)value * value;
        }

        return (0, zeroPoint, error);
    }

    // A scale of 0 is that of a block without anything but zeros: exactly 0, whatever a kernel adds up.
    private int Round(float value, float scale, int zeroPoint) => scale == 0 ? zeroPoint : (int)Math.Clamp(Math.Round((double)value / scale) + zeroPoint, 0, Largest);

    private void Store(Span<byte> bytes, int index, int number)
    {
        if (_bits == 8)
        {
            bytes[index] = (byte)number;
        }
        else
        {
            bytes[index / 2] |= (byte)(number << (4 * (index % 2)));
        }
    }

    private static (double Low, double High) Extremes(ReadOnlySpan<float> values)
    {
        var (low, high) = (0.0, 0.0);
        foreach (var value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return (low, high);
    }
}

/// <summary>A weight in blocks.</summary>
/// <param name="Numbers">The packed numbers.</param>
/// <param name="Scales">A scale for each block.</param>
/// <param name="ZeroPoints">Packed zero points, those of an output filled up to whole bytes; null where all are the middle.</param>
/// <param name="Block">Weights in a block.</param>
internal sealed record BlockTensor(byte[] Numbers, float[] Scales, byte[]? ZeroPoints, int Block)
{
    /// <summary>Summed squared change of the weights.</summary>
    public double SquaredError { get; init; }

    /// <summary>Bytes of all parts.</summary>
    public long Bytes => Numbers.Length + (4L * Scales.Length) + (ZeroPoints?.Length ?? 0);
}
