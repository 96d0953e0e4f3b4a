using System.Runtime.CompilerServices;

namespace EdgePrune.Profiler;

/// <summary>
/// A series of any length in bounded memory: when it is full and another value is due, every second value is dropped and from then on only
/// every second (fourth, eighth ...) new one is kept, so that the values stay evenly spread over the whole series.
/// </summary>
internal sealed class ThinningSeries<T>
    where T : unmanaged
{
    private readonly T[] _values;
    private int _count;
    private int _skipped;

    /// <summary>Allocates and touches the memory, so that it belongs to what was there before the series began.</summary>
    public ThinningSeries(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _values = GC.AllocateUninitializedArray<T>(capacity);
        Array.Fill(_values, default);
    }

    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    public int Stride { get; private set; } = 1;

    /// <summary>Begins anew.</summary>
    public void Clear() => (_count, _skipped, Stride) = (0, 0, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T value)
    {
        if (++_skipped >= Stride)
        {
            Keep(value);
        }
    }

    private void Keep(T value)
    {
        if (_count == _values.Length)
        {
            Halve();
            if (_skipped < Stride)
            {
                return;
            }
        }

        _skipped = 0;
        _values[_count++] = value;
    }

    private void Halve()
    {
        // An odd number of values loses its last one too: the newest kept value is then a stride further back.
        _skipped += _count % 2 * Stride;
        // The later value of each pair stays, so that the spacing to the next kept one is even.
        _count /= 2;
        for (var i = 0; i < _count; i++)
        {
            _values[i] = _values[(2 * i) + 1];
        }

        Stride *= 2;
    }
}
