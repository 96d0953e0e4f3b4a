using System.Runtime.InteropServices;

namespace EdgePrune.Arm64.Tests;

/// <summary>The outputs of the agent for linux-arm64 against this machine's, over 200 digits on each core that boards have.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-outputs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cortex-a53")]
    [InlineData("cortex-a72")]
    [InlineData("cortex-a76")]
    public async Task Infer_FloatModel_DiffersByAtMostOneTenThousandth(string core)
    {
        var (expected, actual) = await RunAsync(core, Digits.Float);

        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4f));
    }

    [Theory]
    [InlineData("cortex-a53")]
    [InlineData("cortex-a72")]
    [InlineData("cortex-a76")]
    public async Task Infer_Int8Model_PicksTheSameDigits(string core)
    {
        var (expected, actual) = await RunAsync(core, Digits.Int8);

        var agreeing = expected.Chunk(Digits.Classes).Zip(actual.Chunk(Digits.Classes)).Count(pair => Best(pair.First) == Best(pair.Second));
        Assert.InRange(agreeing, Digits.Count * 0.995, Digits.Count);
    }

    private async Task<(float[] Expected, float[] Actual)> RunAsync(string core, byte[] bytes)
    {
        Emulator.Require();
        var model = Path.Combine(_folder, "model.onnx");
        await File.WriteAllBytesAsync(model, bytes, TestContext.Current.CancellationToken);
        var expected = Digits.Reference(model);
        var actual = MemoryMarshal.Cast<byte, float>(await Emulator.InferAsync(core, model, Digits.Inputs)).ToArray();
        Assert.Equal(Digits.Count * Digits.Classes, expected.Length);
        Assert.Equal(expected.Length, actual.Length);
        // A model that gives the same for every digit would agree with anything.
        Assert.True(expected.Chunk(Digits.Classes).Select(Best).Distinct().Count() == Digits.Classes, "The digits do not show every class.");
        return (expected, actual);
    }

    private static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());
}
