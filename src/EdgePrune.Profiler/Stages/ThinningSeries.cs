namespace EdgePrune.Profiler;

/// <summary>
/// A series of any length in bounded memory: when it is full, every second value is dropped and from then on only every
/// second (fourth, eighth ...) new one is kept, so that the values stay evenly spread over the whole series.
/// </summary>
internal sealed class ThinningSeries
{
    private readonly double[] _values;
    private int _count;
    private int _skipped;

    public ThinningSeries(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _values = new double[capacity];
    }

    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);

    public int Stride { get; private set; } = 1;

    public void Add(double value)
    {
        if (++_skipped < Stride)
        {
            return;
        }

        _skipped = 0;
        _values[_count++] = value;
        if (_count == _values.Length)
        {
            Halve();
        }
    }

    private void Halve()
    {
        // The later value of each pair stays, so that the spacing to the next kept one is even.
        _count /= 2;
        for (var i = 0; i < _count; i++)
        {
            _values[i] = _values[(2 * i) + 1];
        }

        Stride *= 2;
    }
}
