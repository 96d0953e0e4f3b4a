using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training.Tests;

/// <summary>What augmentation does to samples, and what it depends on.</summary>
public sealed class AugmentedSamplesTests
{
    private static readonly float[] Plane = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void Read_Shifted_MovesWithinTheRangeAndFillsWithZeros()
    {
        var seen = Draws(new Augmentation { Shift = 1 }, [1, 2, 3]);

        // Nine places: each axis back, still, forth.
        Assert.Equal(9, seen.Count);
        Assert.Contains("1 2 3 4 5 6", seen);
        Assert.Contains("0 1 2 0 4 5", seen);
        Assert.Contains("5 6 0 0 0 0", seen);
        Assert.Contains("0 0 0 0 1 2", seen);
    }

    [Fact]
    public void Read_ShiftedWithTwoAxes_LeavesChannelsInTheirPlace()
    {
        Assert.Equal(["0 1 2 0 4 5", "1 2 3 4 5 6", "2 3 0 5 6 0"], Draws(new Augmentation { Shift = 1 }, [2, 3]));
    }

    [Fact]
    public void Read_Flipped_MirrorsHalfOfTheSamplesAlongTheLastAxis()
    {
        var samples = Augmented(new Augmentation { Flip = true }, [1, 2, 3]);

        Assert.Equal(["1 2 3 4 5 6", "3 2 1 6 5 4"], Draws(new Augmentation { Flip = true }, [1, 2, 3]));
        Assert.InRange(Enumerable.Range(0, 400).Count(i => Read(samples, i)[0] == 3), 160, 240);
    }

    [Fact]
    public void Read_ShiftedAndFlipped_ShiftsTheMirroredPlane()
    {
        var seen = Draws(new Augmentation { Shift = 1, Flip = true }, [2, 3]);

        Assert.Equal(6, seen.Count);
        Assert.Contains("0 3 2 0 6 5", seen);
    }

    [Fact]
    public void Read_Noisy_HasTheDeviationThatWasAskedFor()
    {
        var samples = Augmented(new Augmentation { Noise = 0.5 }, [6]);
        var differences = Enumerable.Range(0, 2000).SelectMany(i => Read(samples, i).Zip(Plane, (a, b) => (double)a - b)).ToList();

        // The plane's own deviation is the root of 35/12.
        Assert.InRange(differences.Average(), -0.05, 0.05);
        Assert.InRange(Math.Sqrt(differences.Average(d => d * d)), 0.49 * Math.Sqrt(35.0 / 12), 0.51 * Math.Sqrt(35.0 / 12));
    }

    [Fact]
    public void Read_OfTheSameSeedEpochAndSample_GivesTheSame_AndOthersDiffer()
    {
        static float[] At(int seed, int epoch, int sample) => Read(new AugmentedSamples(Source([6]), new Augmentation { Noise = 1 }, seed) { Epoch = epoch }, sample);

        Assert.Equal(At(1, 2, 3), At(1, 2, 3));
        Assert.NotEqual(At(1, 2, 3), At(2, 2, 3));
        Assert.NotEqual(At(1, 2, 3), At(1, 3, 3));
        Assert.NotEqual(At(1, 2, 3), At(1, 2, 4));
    }

    [Fact]
    public void AugmentedSamples_VectorsThatShallMove_AreRefused()
    {
        Assert.Equal(ErrorCode.SampleShapeMismatch, Assert.Throws<InputException>(() => Augmented(new Augmentation { Flip = true }, [6])).Code);
    }

    private static AugmentedSamples Augmented(Augmentation augmentation, long[] shape) => new(Source(shape), augmentation, 1);

    private static SortedSet<string> Draws(Augmentation augmentation, long[] shape)
    {
        var samples = Augmented(augmentation, shape);
        return new SortedSet<string>(Enumerable.Range(0, 200).Select(i => string.Join(' ', Read(samples, i))), StringComparer.Ordinal);
    }

    private static float[] Read(AugmentedSamples samples, int index)
    {
        var values = new float[6];
        samples.Inputs[0].Read(index, values);
        return values;
    }

    private static Same Source(long[] shape) => new(shape);

    private sealed class Same(long[] shape) : ISampleSource
    {
        public int Count => 1000;

        public IReadOnlyList<SampleInput> Inputs { get; } = [new SampleInput(null, shape, (_, destination) => Plane.CopyTo(destination))];

        public IReadOnlyList<int>? Labels => null;
    }
}
