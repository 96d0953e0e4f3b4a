using EdgePrune.Contracts;
using EdgePrune.TestKit;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Onnx.Tests;

/// <summary>What became of one node test.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">Why, when it is not equal.</param>
internal sealed record NodeTestRun(NodeTestOutcome Outcome, string Detail)
{
    private const double Relative = 1e-3;
    private const double Absolute = 1e-5;

    /// <summary>Reads and writes the test's model and runs what was written.</summary>
    public static NodeTestRun Of(NodeTestCase test)
    {
        var bytes = File.ReadAllBytes(test.Path);
        byte[] written;
        Model model;
        try
        {
            model = OnnxFile.Read(test.Path);
            written = OnnxFile.ToBytes(model);
        }
        catch (EdgePruneException e)
        {
            return new NodeTestRun(NodeTestOutcome.NotRead, e.Message);
        }

        try
        {
            using var session = new RuntimeSession(bytes);
        }
        catch (OnnxRuntimeException e)
        {
            return new NodeTestRun(NodeTestOutcome.SkippedByRuntime, FirstLine(e));
        }

        return OnData(test, model, bytes, written);
    }

    private static NodeTestRun OnData(NodeTestCase test, Model model, byte[] bytes, byte[] written)
    {
        foreach (var set in test.DataSets)
        {
            if (NodeTestCase.Read(set, "input", model.Graph.FedInputs) is not { } inputs || NodeTestCase.Read(set, "output", model.Graph.Outputs) is not { } expected)
            {
                return new NodeTestRun(NodeTestOutcome.SkippedByType, "text, a sequence or an optional value");
            }

            var feeds = model.Graph.FedInputs.Zip(inputs).ToDictionary(p => p.First.Name, p => p.Second, StringComparer.Ordinal);
            if (Difference(bytes, feeds, expected) is { } unlike)
            {
                return new NodeTestRun(NodeTestOutcome.SkippedByRuntime, "ONNX Runtime gives other outputs for the unchanged file: " + unlike);
            }

            if (Difference(written, feeds, expected) is { } difference)
            {
                return new NodeTestRun(NodeTestOutcome.NotEqual, difference);
            }
        }

        return new NodeTestRun(NodeTestOutcome.Equal, "");
    }

    private static string? Difference(byte[] model, IReadOnlyDictionary<string, Tensor> feeds, IReadOnlyList<Tensor> expected)
    {
        try
        {
            using var session = new RuntimeSession(model);
            var outputs = session.Run(feeds);
            return expected.Zip(outputs).Select((p, i) => IsClose(p.First, p.Second) ? null : $"output {i} differs").FirstOrDefault(d => d is not null);
        }
        catch (OnnxRuntimeException e)
        {
            return FirstLine(e);
        }
    }

    private static bool IsClose(Tensor expected, Tensor actual)
    {
        if (expected.ElementType != actual.ElementType || !expected.Dims.SequenceEqual(actual.Dims))
        {
            return false;
        }

        return expected.ElementType.IsFloat()
            ? expected.ToFloats().Zip(actual.ToFloats()).All(p => p.First.Equals(p.Second) || Math.Abs(p.First - p.Second) <= Absolute + (Relative * Math.Abs(p.First)))
            : expected.Bytes.Span.SequenceEqual(actual.Bytes.Span);
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0];
}

/// <summary>What became of a node test.</summary>
internal enum NodeTestOutcome
{
    /// <summary>Read, written, and the written model gives the expected outputs.</summary>
    Equal,
    /// <summary>The model could not be read or written.</summary>
    NotRead,
    /// <summary>The written model gives other outputs, or does not run.</summary>
    NotEqual,
    /// <summary>ONNX Runtime cannot run the unchanged file, or gives other outputs for it.</summary>
    SkippedByRuntime,
    /// <summary>Inputs or outputs are no tensors of numbers.</summary>
    SkippedByType,
}
