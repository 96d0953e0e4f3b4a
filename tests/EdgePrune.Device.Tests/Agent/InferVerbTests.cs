using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Device.Tests;

public sealed class InferVerbTests
{
    private static readonly string Model = Path.Combine(RepositoryFolder.Find(), "samples", "mnist", "mnist-cnn.onnx");
    private static readonly long[] Shape = [1, 1, 28, 28];

    [Fact]
    public void Run_SeveralInputs_GivesTheOutputOfEach()
    {
        var (first, second) = (Digit(1), Digit(2));

        var outputs = MemoryMarshal.Cast<byte, float>(Infer([.. first, .. second])).ToArray();

        Assert.Equal([.. Expected(first), .. Expected(second)], outputs);
    }

    [Fact]
    public void Run_NoInput_GivesNoOutput() => Assert.Empty(Infer([]));

    [Theory]
    [InlineData(1)]
    [InlineData(784 * sizeof(float) + 4)]
    public void Run_InputThatEndsInTheMiddle_SaysWhatWasLeft(int length)
    {
        var error = Assert.Throws<InputException>(() => Infer(new byte[length]));

        Assert.Equal(ErrorCode.InvalidSampleFile, error.Code);
        Assert.Contains($"{length % (784 * sizeof(float))} were left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FileThatIsNoModel_IsRefused()
    {
        var path = Path.Combine(RepositoryFolder.Find(), "global.json");

        Assert.Throws<ModelException>(() => InferVerb.Run(path, Stream.Null, Stream.Null));
    }

    private static byte[] Infer(byte[] inputs)
    {
        using var output = new MemoryStream();
        InferVerb.Run(Model, new MemoryStream(inputs), output);
        return output.ToArray();
    }

    private static byte[] Digit(int seed)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, 784).Select(_ => random.NextSingle()).ToArray();
        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    private static float[] Expected(byte[] input)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(Model, options);
        using var value = OrtValue.CreateTensorValueFromMemory(MemoryMarshal.Cast<byte, float>(input).ToArray(), Shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, [value], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
