using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Binds an array of a sample file to a <see cref="Preprocessing"/>; every sample is read, moved and normalised on the fly.</summary>
internal sealed class PreprocessedInput
{
    private readonly SampleArray _array;
    private readonly bool _moves;
    private readonly int _columns;
    private readonly double[] _factors;
    private readonly double[] _offsets;
    private readonly int _inner;

    private PreprocessedInput(SampleArray array, Preprocessing preprocessing)
    {
        _array = array;
        long[] stored = [.. preprocessing.Shape ?? array.SampleShape];
        if (Elements(stored) != array.SampleSize)
        {
            throw new InputException(ErrorCode.SampleShapeMismatch,
                $"Each sample in {array.Source} has shape [{string.Join(", ", array.SampleShape)}], which cannot be read as [{string.Join(", ", stored)}]: {array.SampleSize} numbers against {Elements(stored)}. Correct 'shape' in the preprocessing.");
        }

        _moves = preprocessing.StoredLayout is { } layout && layout != preprocessing.Layout;
        if (_moves && stored.Length != 3)
        {
            throw new InputException(ErrorCode.SampleShapeMismatch, $"Samples of shape [{string.Join(", ", stored)}] have no height, width and channels to reorder. Leave 'storedLayout' out, or state a 'shape' of three dimensions.");
        }

        var first = preprocessing.Layout == SampleLayout.ChannelsFirst;
        Shape = !_moves ? stored : first ? [stored[2], stored[0], stored[1]] : [stored[1], stored[2], stored[0]];
        _columns = !_moves ? 1 : (int)(first ? stored[2] : stored[1] * stored[2]);
        var channels = Math.Max(preprocessing.Mean.Count, preprocessing.Std.Count);
        RequireChannels(preprocessing, channels, first ? Shape.FirstOrDefault(1) : Shape.LastOrDefault(1));
        _inner = first ? array.SampleSize / Math.Max(1, channels) : 1;
        var divisors = Enumerable.Range(0, Math.Max(1, channels)).Select(c => At(preprocessing.Std, c, 1)).ToArray();
        _factors = [.. divisors.Select(d => preprocessing.Scale / d)];
        _offsets = [.. divisors.Select((d, c) => At(preprocessing.Mean, c, 0) / d)];
    }

    private long[] Shape { get; }

    public static SampleInput Of(SampleArray array, Preprocessing preprocessing, string? name = null)
    {
        var input = new PreprocessedInput(array, preprocessing.RequireSound(array.Source));
        return new SampleInput(name, input.Shape, input.Read)
        {
            Normalization = new SampleNormalization(input.ReadStored, input._factors, input._offsets, preprocessing.Layout == SampleLayout.ChannelsFirst ? 0 : input.Shape.Length - 1),
        };
    }

    private void Read(int index, Span<float> destination)
    {
        ReadStored(index, destination);
        Normalize(destination);
    }

    private void ReadStored(int index, Span<float> destination)
    {
        if (_moves)
        {
            var stored = new float[destination.Length];
            _array.Read(index, stored);
            Move(stored, destination);
        }
        else
        {
            _array.Read(index, destination);
        }
    }

    // A transpose of a matrix: [height * width, channels] to [channels, height * width], or back.
    private void Move(ReadOnlySpan<float> from, Span<float> to)
    {
        var rows = from.Length / _columns;
        for (var i = 0; i < from.Length; i++)
        {
            to[((i % _columns) * rows) + (i / _columns)] = from[i];
        }
    }

    private void Normalize(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var channel = _factors.Length == 1 ? 0 : i / _inner % _factors.Length;
            values[i] = (float)((values[i] * _factors[channel]) - _offsets[channel]);
        }
    }

    private static void RequireChannels(Preprocessing preprocessing, int channels, long actual)
    {
        foreach (var (name, list) in new[] { ("mean", preprocessing.Mean), ("std", preprocessing.Std) })
        {
            if (list.Count > 1 && (list.Count != actual || list.Count != channels))
            {
                throw new InputException(ErrorCode.SampleShapeMismatch, $"The preprocessing states {list.Count} numbers as '{name}', but samples have {actual} channels. State one number, or one for each channel.");
            }
        }
    }

    private static double At(IReadOnlyList<double> list, int channel, double otherwise) =>
        list.Count == 0 ? otherwise : list.Count == 1 ? list[0] : list[channel];

    private static long Elements(long[] dims) => dims.Aggregate(1L, (a, b) => a <= int.MaxValue ? a * b : a);
}
