using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Samples as an epoch sees them. What is drawn depends on the seed, the epoch and the sample alone, so neither on the batch nor on where a run went on.</summary>
internal sealed class AugmentedSamples : ISampleSource
{
    private readonly ISampleSource _samples;
    private readonly Augmentation _augmentation;
    private readonly int _seed;

    /// <exception cref="InputException"><see cref="ErrorCode.SampleShapeMismatch"/>: samples without axes of space shall be shifted or mirrored.</exception>
    public AugmentedSamples(ISampleSource samples, Augmentation augmentation, int seed)
    {
        (_samples, _augmentation, _seed) = (samples, augmentation, seed);
        if ((augmentation.Shift > 0 || augmentation.Flip) && samples.Inputs.All(i => i.Shape.Count < 2))
        {
            throw new InputException(ErrorCode.SampleShapeMismatch,
                $"Samples of shape [{string.Join(", ", samples.Inputs[0].Shape)}] have no axis of space to shift or mirror along. Leave 'shift' and 'flip' out of the augmentation.");
        }

        Inputs = augmentation.IsOn ? [.. samples.Inputs.Select(i => i with { Read = (index, destination) => Read(i, index, destination) })] : samples.Inputs;
    }

    /// <summary>The present epoch, from 1.</summary>
    public int Epoch { get; set; } = 1;

    public int Count => _samples.Count;

    public IReadOnlyList<SampleInput> Inputs { get; }

    public IReadOnlyList<int>? Labels => _samples.Labels;

    private void Read(SampleInput input, int index, Span<float> destination)
    {
        input.Read(index, destination);
        var random = new Random(HashSeed.Of(_seed, Epoch, index));
        var offsets = input.Shape.Skip(1).Select(_ => random.Next(-_augmentation.Shift, _augmentation.Shift + 1)).ToArray();
        var mirrors = _augmentation.Flip && random.Next(2) == 1;
        if (input.Shape.Count >= 2 && (mirrors || offsets.Any(o => o != 0)))
        {
            Move(destination, [.. input.Shape.Select(d => (int)d)], offsets, mirrors);
        }

        if (_augmentation.Noise > 0)
        {
            AddNoise(destination, random);
        }
    }

    // Each cell takes the one that stands there before the move; the first axis holds channels and stays.
    private static void Move(Span<float> values, int[] shape, int[] offsets, bool mirrors)
    {
        var before = values.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var (rest, from, stride, inside) = (i, 0, 1, true);
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                var at = rest % shape[axis];
                rest /= shape[axis];
                at -= axis > 0 ? offsets[axis - 1] : 0;
                inside &= at >= 0 && at < shape[axis];
                at = mirrors && axis == shape.Length - 1 ? shape[axis] - 1 - at : at;
                from += at * stride;
                stride *= shape[axis];
            }

            values[i] = inside ? before[from] : 0;
        }
    }

    private void AddNoise(Span<float> values, Random random)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in values)
        {
            sum += value;
            squares += (double)value * value;
        }

        var mean = sum / values.Length;
        var deviation = _augmentation.Noise * Math.Sqrt(Math.Max(0, (squares / values.Length) - (mean * mean)));
        foreach (ref var value in values)
        {
            value += (float)(deviation * Normal(random));
        }
    }

    // Box and Muller, 1958.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
