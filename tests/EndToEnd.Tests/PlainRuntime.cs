using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Profiler;
using Microsoft.ML.OnnxRuntime;

namespace EndToEnd.Tests;

/// <summary>Scores a model with nothing but ONNX Runtime, in a session as an agent opens it.</summary>
internal static class PlainRuntime
{
    private const int Batch = 500;

    /// <summary>Share of samples in percent whose label has the highest output.</summary>
    public static double Accuracy(byte[] model, ISampleSource samples)
    {
        using var options = SessionFactory.CreateOptions(new ProfileSettings());
        using var session = new InferenceSession(model, options);
        using var run = new RunOptions();
        var input = Assert.Single(samples.Inputs);
        var size = (int)input.Shape.Aggregate(1L, (a, b) => a * b);
        var correct = 0;
        for (var start = 0; start < samples.Count; start += Batch)
        {
            var count = Math.Min(Batch, samples.Count - start);
            var values = new float[count * size];
            for (var i = 0; i < count; i++)
            {
                input.Read(start + i, values.AsSpan(i * size, size));
            }

            using var feed = OrtValue.CreateTensorValueFromMemory(values, [count, .. input.Shape]);
            using var outputs = session.Run(run, session.InputNames, [feed], session.OutputNames);
            var logits = outputs[0].GetTensorDataAsSpan<float>();
            for (var i = 0; i < count; i++)
            {
                var classes = logits.Length / count;
                correct += System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits.Slice(i * classes, classes)) == samples.Labels![start + i] ? 1 : 0;
            }
        }

        return 100.0 * correct / samples.Count;
    }
}
