using System.Numerics.Tensors;

namespace EdgePrune.Host;

/// <summary>
/// Counts of float values in bins of equal width around 0. When a value lies outside, the width grows by a power of two and
/// bins merge pairwise and more, so memory is fixed and every count stays exact.
/// </summary>
/// <remarks>
/// Worked example with two bins a side and width 1: the bins are [-2,-1), [-1,0), [0,1), [1,2). The value 5 needs width 4:
/// bin b, counted from 0, becomes floor(b / 4), and 5 falls in [4,8).
/// </remarks>
internal sealed class ValueHistogram
{
    private const int BinsASide = 4096;
    private const int LargestFloatExponent = 100;

    // Below the smallest exponent a float can need (-149 - 11): only zeros can have been counted at this width.
    private int _exponent = -161;
    private readonly long[] _bins = new long[2 * BinsASide];

    /// <summary>Number of values counted.</summary>
    public long Count { get; private set; }

    /// <summary>Width of a bin; always a power of two.</summary>
    public double Width => Math.ScaleB(1, _exponent);

    /// <summary>Counts of the bins, lowest first.</summary>
    public ReadOnlySpan<long> Bins => _bins;

    /// <summary>Counts values, all of them finite.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        Cover(Math.Max(MathF.Abs(TensorPrimitives.Min(values)), MathF.Abs(TensorPrimitives.Max(values))));
        if (Math.Abs(_exponent) < LargestFloatExponent)
        {
            AddFloats(values, MathF.ScaleB(1, -_exponent));
        }
        else
        {
            AddDoubles(values, Math.ScaleB(1, -_exponent));
        }

        Count += values.Length;
    }

    // The factor is a power of two, so that the product is exact in either type as long as it has no subnormal in it.
    private void AddFloats(ReadOnlySpan<float> values, float inverse)
    {
        var bins = _bins;
        foreach (var value in values)
        {
            bins[(int)MathF.Floor(value * inverse) + BinsASide]++;
        }
    }

    private void AddDoubles(ReadOnlySpan<float> values, double inverse)
    {
        foreach (var value in values)
        {
            _bins[(int)Math.Floor(value * inverse) + BinsASide]++;
        }
    }

    /// <summary>The value below which a share of all values lies, interpolated within its bin.</summary>
    public double Quantile(double share)
    {
        var (target, below) = (share * Count, 0L);
        for (var bin = 0; bin < _bins.Length; bin++)
        {
            if (_bins[bin] > 0 && below + _bins[bin] >= target)
            {
                return Width * (bin - BinsASide + ((target - below) / _bins[bin]));
            }

            below += _bins[bin];
        }

        return Width * BinsASide;
    }

    /// <summary>The middles of the bins that hold something, with their counts.</summary>
    public (double Value, long Count)[] Points()
    {
        List<(double, long)> points = [];
        for (var bin = 0; bin < _bins.Length; bin++)
        {
            if (_bins[bin] > 0)
            {
                points.Add((Width * (bin - BinsASide + 0.5), _bins[bin]));
            }
        }

        return [.. points];
    }

    private void Cover(float bound)
    {
        if (bound == 0)
        {
            return;
        }

        // 2^ilogb <= bound < 2^(ilogb + 1) = width * BinsASide.
        var exponent = Math.ILogB((double)bound) + 1 - Math.ILogB((double)BinsASide);
        if (exponent > _exponent)
        {
            Merge(Math.Min(exponent - _exponent, 31));
            _exponent = exponent;
        }
    }

    private void Merge(int shift)
    {
        var old = _bins.ToArray();
        Array.Clear(_bins);
        for (var bin = 0; bin < old.Length; bin++)
        {
            _bins[((bin - BinsASide) >> shift) + BinsASide] += old[bin];
        }
    }
}
