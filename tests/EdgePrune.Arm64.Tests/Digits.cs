using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.Profiler;
using EdgePrune.TestKit;

namespace EdgePrune.Arm64.Tests;

/// <summary>The sample model, as it is and quantized, and digits to run it on.</summary>
internal static class Digits
{
    public const int Classes = 10;
    public const int Count = 200;

    private static readonly Lazy<byte[]> Quantized = new(Quantize);

    public static byte[] Float { get; } = File.ReadAllBytes(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"));

    public static byte[] Int8 => Quantized.Value;

    /// <summary>The first test images as the model takes them, one after the other.</summary>
    public static byte[] Inputs { get; } = ReadInputs();

    /// <summary>What this machine computes, with the session options that EdgePrune has everywhere.</summary>
    public static float[] Reference(string model)
    {
        using var session = BoundSession.Open(model, new ProfileSettings());
        List<float> outputs = [];
        for (var at = 0; at < Inputs.Length; at += session.Inputs[0].Bytes.Length)
        {
            Inputs.AsSpan(at, session.Inputs[0].Bytes.Length).CopyTo(session.Inputs[0].Bytes);
            session.Run();
            outputs.AddRange(MemoryMarshal.Cast<byte, float>(session.Outputs[0].Bytes));
        }

        return [.. outputs];
    }

    private static ISampleSource Open(SampleSplit split) => SampleSources.Open(RepositoryFiles.Find("samples/mnist"), split: split);

    private static byte[] ReadInputs()
    {
        var input = Open(SampleSplit.Test).Inputs[0];
        var size = (int)input.Shape.Aggregate(1L, (a, b) => a * b);
        var values = new float[Count * size];
        for (var i = 0; i < Count; i++)
        {
            input.Read(i, values.AsSpan(i * size, size));
        }

        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    private static byte[] Quantize()
    {
        var quantized = StaticQuantizer.Quantize(OnnxFile.Read(Float), SampleSubset.Range(Open(SampleSplit.Train), 0, 100), new QuantizationOptions(), CancellationToken.None);
        return OnnxFile.ToBytes(quantized.Model);
    }
}
