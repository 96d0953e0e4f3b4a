namespace EdgePrune.Host.Tests;

public sealed class BlockQuantizerTests
{
    [Fact]
    public void Quantize_NumbersOnAGrid_AreExact()
    {
        float[] weights = [.. Enumerable.Range(0, 32).Select(i => ((i % 16) - 8) * 0.25f)];

        var tensor = BlockQuantizer.Quantize(weights, 32, 4, 32, zeroPoints: false);

        Assert.Equal(0, tensor.SquaredError, 1e-12);
        Assert.Equal(16, tensor.Numbers.Length);
        Assert.Null(tensor.ZeroPoints);
    }

    [Fact]
    public void Quantize_LargestOnThePositiveSide_TurnsTheScale()
    {
        float[] weights = [.. Enumerable.Range(0, 32).Select(i => (8 - (i % 16)) * 0.25f)];

        var tensor = BlockQuantizer.Quantize(weights, 32, 4, 32, zeroPoints: false);

        Assert.Equal(-0.25f, tensor.Scales[0], 1e-6f);
        Assert.Equal(0, tensor.SquaredError, 1e-12);
    }

    [Fact]
    public void Quantize_FourBits_PacksTheLowerHalfFirstAndFillsTheLastBlock()
    {
        var tensor = BlockQuantizer.Quantize([0, 15, 3], 3, 4, 32, zeroPoints: true);

        Assert.Equal(1, tensor.Scales[0], 1e-6f);
        Assert.Equal(0, tensor.ZeroPoints![0]);
        Assert.Equal([0xF0, 0x03, 0, 0], tensor.Numbers[..4]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Quantize_RandomWeights_ErrorIsThatOfTheNumbers(int bits)
    {
        var weights = ConversionChecks.Weights(96 * 3);
        foreach (var zeroPoints in new[] { false, true })
        {
            var tensor = BlockQuantizer.Quantize(weights, 96, bits, 64, zeroPoints);
            var error = weights.Select((w, i) => Math.Pow(w - Value(tensor, bits, i / 96, i % 96, 2), 2)).Sum();

            Assert.Equal(error, tensor.SquaredError, 1e-6);
        }
    }

    [Fact]
    public void Quantize_SearchedScale_IsBetterThanTheLargestWeightAlone()
    {
        // One weight far out: clipping it serves the other 31.
        float[] weights = [.. ConversionChecks.Weights(31), 1.7f];

        var tensor = BlockQuantizer.Quantize(weights, 32, 4, 32, zeroPoints: false);

        Assert.True(tensor.SquaredError < weights.Sum(w => Math.Pow(w - (Math.Round(w / 1.7 * 7) / 7 * 1.7), 2)));
    }

    private static double Value(BlockTensor tensor, int bits, int output, int input, int blocks)
    {
        var block = (output * blocks) + (input / tensor.Block);
        var number = Number(tensor.Numbers.AsSpan(block * tensor.Block * bits / 8), input % tensor.Block, bits);
        var zeroPoint = tensor.ZeroPoints is { } z ? Number(z.AsSpan(output * (z.Length / 3)), input / tensor.Block, bits) : 1 << (bits - 1);
        return (number - zeroPoint) * tensor.Scales[block];
    }

    private static int Number(ReadOnlySpan<byte> bytes, int index, int bits) => bits == 8 ? bytes[index] : (bytes[index / 2] >> (4 * (index % 2))) & 15;
}
