using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>
/// Builds a node again without the removed slices, by rules of its own, and compares: the smaller node on the remaining
/// slices must give the remaining slices of the whole node whose removed constants are zero.
/// </summary>
internal static class ReducedNode
{
    private const double Tolerance = 1e-4;
    private const int Tries = 6;

    // What these do is to move elements; any choice of them can be written as another such node.
    private static readonly HashSet<string> Movement = ["Slice", "Gather", "Pad"];

    /// <summary>Why the smaller node does not do the whole node's work, or null when it does.</summary>
    /// <param name="probe">The node.</param>
    /// <param name="removed">Removed indices of an axis of one of its inputs or outputs.</param>
    public static string? Fault(NodeProbe probe, Func<Value, int, IReadOnlySet<int>> removed)
    {
        var node = probe.Node;
        if (Movement.Contains(node.OperatorType) || node.OperatorType == "Shape")
        {
            return null;
        }

        try
        {
            var worst = Enumerable.Range(0, Tries).Max(i => Difference(probe, probe.Inputs(i % NodeProbe.Trials), removed));
            return worst <= Tolerance ? null : "what remains changes";
        }
        catch (Microsoft.ML.OnnxRuntime.OnnxRuntimeException)
        {
            return "the smaller node does not run";
        }
    }

    private static double Difference(NodeProbe probe, Tensor?[] inputs, Func<Value, int, IReadOnlySet<int>> removed)
    {
        var node = probe.Node;
        var expected = probe.Run([.. inputs.Select((t, slot) => t is null ? null : Masked(node.Input(slot)!, t, removed))]);
        var smaller = inputs.Select((t, slot) => t is null ? null : Kept(node.Input(slot)!, t, removed)).ToList();
        Tensor[] wanted = [.. expected.Select((t, o) => Kept(node.Outputs[o]!, t, removed))];
        using var session = new RuntimeSession(Make(probe, smaller, wanted));
        var given = session.Run(smaller.Select((t, slot) => (t, slot)).Where(i => i.t is not null && probe.Free[i.slot]).ToDictionary(i => SingleNode.NameOf(i.slot), i => i.t!));
        return wanted.Zip(given).Where((_, o) => node.Outputs[o]!.IsUsed).Select(p => Compare.MaxRelativeError(p.First, p.Second)).DefaultIfEmpty(0).Max();
    }

    // Removed slices of constants are zero; those of activations keep their numbers, which must not matter.
    private static Tensor Masked(Value value, Tensor tensor, Func<Value, int, IReadOnlySet<int>> removed)
    {
        for (var axis = 0; value.Constant is not null && axis < tensor.Rank; axis++)
        {
            if (removed(value, axis) is { Count: > 0 } gone)
            {
                tensor = Slices.Mix(tensor, Slices.Zeros(tensor), axis, gone.Contains);
            }
        }

        return tensor;
    }

    private static Tensor Kept(Value value, Tensor tensor, Func<Value, int, IReadOnlySet<int>> removed)
    {
        for (var axis = 0; axis < tensor.Rank; axis++)
        {
            if (removed(value, axis) is { Count: > 0 } gone)
            {
                tensor = tensor.Take(axis, [.. Enumerable.Range(0, (int)tensor.Dims[axis]).Where(i => !gone.Contains(i))]);
            }
        }

        return tensor;
    }

    private static Model Make(NodeProbe probe, List<Tensor?> inputs, Tensor[] outputs)
    {
        var node = probe.Node;
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        var shape = outputs[0].Dims.ToArray();
        switch (node.OperatorType)
        {
            case "Conv" when node.Int("group", 1) > 1:
                attributes["group"] = new AttributeValue.Int(inputs[0]!.Dims[1] / inputs[1]!.Dims[1]);
                break;
            case "ConvTranspose" when node.Int("group", 1) > 1:
                attributes["group"] = new AttributeValue.Int(shape[1] / inputs[1]!.Dims[1]);
                break;
            case "GroupNormalization":
                attributes["num_groups"] = new AttributeValue.Int(node.Int("num_groups", 1) * shape[1] / probe.Outputs[0].Dims[1]);
                break;
            case "Reshape" or "Expand":
                inputs[1] = Tensor.Vector(shape);
                break;
            case "Tile":
                inputs[1] = Tensor.Vector([.. shape.Zip(inputs[0]!.Dims.ToArray(), (to, from) => to / Math.Max(1, from))]);
                break;
            case "Resize" when inputs.Count > 3 && inputs[3] is not null:
                inputs[3] = Tensor.Vector(shape);
                break;
            case "Split":
                SetSizes(node, inputs, attributes, [.. outputs.Select(o => o.Dims[(int)Axis(node, shape.Length)])]);
                break;
        }

        return SingleNode.Make(node, [.. inputs.Select((t, slot) => (t, slot < probe.Free.Count && probe.Free[slot]))], attributes);
    }

    private static void SetSizes(Node node, List<Tensor?> inputs, Dictionary<string, AttributeValue> attributes, long[] sizes)
    {
        if (node.Opset < 13)
        {
            attributes["split"] = new AttributeValue.Ints(sizes);
        }
        else if (inputs.Count > 1)
        {
            inputs[1] = Tensor.Vector(sizes);
        }
    }

    private static long Axis(Node node, int rank) => node.Int("axis", 0) is var axis && axis < 0 ? axis + rank : axis;
}
