using EdgePrune.Contracts;
using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Proves a removal on the user's own model: on random inputs the pruned model must give what the original gives with the
/// same channels zeroed at every contracting consumer. It cannot be switched off.
/// </summary>
internal static class RemovalCheck
{
    /// <summary>Largest difference allowed, relative to an output's largest absolute value, in 32-bit floats.</summary>
    public const double Tolerance = 1e-5;

    private const int Samples = 2;

    public static RemovalProof Require(ModelAnalysis analysis, RemovedChannels removed, Model pruned)
    {
        using var expected = new GraphRunner(WithWitnesses(ChannelMask.Apply(analysis, removed), analysis), new RunnerOptions { Optimize = false });
        using var actual = new GraphRunner(WithWitnesses(pruned.Clone(), analysis), new RunnerOptions { Optimize = false });
        var tolerance = analysis.Model.Graph.Initializers.Any(v => v.ElementType is ElementType.Float16 or ElementType.BFloat16) ? 1e-2 : Tolerance;
        var error = 0.0;
        for (var seed = 1; seed <= Samples; seed++)
        {
            var feeds = RandomFeeds.For(analysis.Model, analysis.Shapes, seed);
            var values = expected.Run(feeds).Zip(actual.Run(feeds), expected.OutputNames);
            error = values.Aggregate(error, (worst, v) => Math.Max(worst, RelativeError(Kept(v.First, analysis.Model.Graph.Values[v.Third], removed), v.Second)));
        }

        return error <= tolerance
            ? new RemovalProof(error, tolerance, Samples)
            : throw new ModelException(ErrorCode.RemovalNotProven,
                $"The pruned model differs from the masked original by {error:g3} (relative), but at most {tolerance:g3} is allowed. Nothing was written. Please report the model's operators: 'edgeprune inspect'.");
    }

    // A saturated softmax would hide an error inside: what every contraction gives is compared as well.
    private static Model WithWitnesses(Model model, ModelAnalysis analysis)
    {
        var editor = new GraphEditor(model.Graph);
        foreach (var contraction in analysis.Contractions)
        {
            editor.AddGraphOutput(model.Graph.Values[contraction.Output.Value.Name]);
        }

        return model;
    }

    private static Tensor Kept(Tensor tensor, Value value, RemovedChannels removed)
    {
        for (var axis = 0; axis < tensor.Rank; axis++)
        {
            if (removed.Of(new AxisRef(value, axis)).Count > 0)
            {
                tensor = tensor.Take(axis, [.. removed.Kept(value, axis)]);
            }
        }

        return tensor;
    }

    /// <summary>Largest difference relative to the largest absolute expected value; infinite for other shapes or NaN.</summary>
    public static double RelativeError(Tensor expected, Tensor actual)
    {
        if (!expected.Dims.SequenceEqual(actual.Dims) || expected.ElementType != actual.ElementType)
        {
            return double.PositiveInfinity;
        }

        if (!expected.ElementType.IsFloat())
        {
            return expected.Bytes.Span.SequenceEqual(actual.Bytes.Span) ? 0 : double.PositiveInfinity;
        }

        return RelativeError(expected.ToFloats(), actual.ToFloats());
    }

    private static double RelativeError(float[] expected, float[] actual)
    {
        if (expected.Length == 0)
        {
            return 0;
        }

        var scale = Math.Max(MathF.Abs(TensorPrimitives.MaxMagnitude<float>(expected)), 1e-30f);
        TensorPrimitives.Subtract(expected, actual, actual);
        var error = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(actual)) / scale;
        return float.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
