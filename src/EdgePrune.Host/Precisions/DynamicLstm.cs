using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// An LSTM as com.microsoft.DynamicQuantizeLSTM: W and R as 8-bit integers, transposed to [directions, inputs, 4 units], with a scale for each
/// gate of each unit; the other inputs and the attributes are those of LSTM.
/// </summary>
internal static class DynamicLstm
{
    private const int Inputs = 8;

    /// <summary>Converts a node, or reports why not.</summary>
    public static void Convert(ConversionRun run, Node node, int fewestWeights)
    {
        if (Refuse(node, fewestWeights) is { } reason)
        {
            run.Kept(node, reason);
            return;
        }

        var (weight, recurrence) = (Round(node.Input(1)!.Constant!), Round(node.Input(2)!.Constant!));
        Value?[] inputs =
        [
            node.Input(0), Add(run, node, 1, weight), Add(run, node, 2, recurrence), .. Enumerable.Range(3, Inputs - 3).Select(node.Input),
            .. Scales(run, node, 1, weight), .. Scales(run, node, 2, recurrence),
        ];
        run.Model.ImportDomain(RuntimeDomain.Name, 1);
        run.Converted(node, "8-bit weights with a scale for each gate of each unit; its input and states are rounded to 8 bits each time.", Error(node, weight, recurrence));
        Replace(run.Editor, node, inputs);
    }

    /// <summary>Why a node cannot be converted, or null.</summary>
    public static string? Refuse(Node node, int fewestWeights)
    {
        if (node.Input(1)?.Constant is not { Rank: 3 } weight || node.Input(2)?.Constant is not { Rank: 3 } recurrence)
        {
            return "Its weights are computed.";
        }

        if (node.Int("layout", 0) != 0)
        {
            return "The kernel knows only the layout that has time first.";
        }

        if (node.Outputs.OfType<Value>().Any(o => o.Uses.Any(u => u.Index < 0)))
        {
            return "A graph within a node reads its output by its name.";
        }

        return weight.Count + recurrence.Count < fewestWeights
            ? $"It has {weight.Count + recurrence.Count} weights; below {fewestWeights} nothing is gained."
            : WeightTensors.Refuse(weight) ?? WeightTensors.Refuse(recurrence);
    }

    private static void Replace(GraphEditor editor, Node node, Value?[] inputs)
    {
        var replacement = editor.AddNode("DynamicQuantizeLSTM", inputs, node.Label + "_dynamic", node, RuntimeDomain.Name);
        foreach (var (name, value) in node.Attributes.Where(a => a.Key != "layout"))
        {
            editor.SetAttribute(replacement, name, value);
        }

        foreach (var (i, output) in node.Outputs.Index())
        {
            var value = i == 0 ? replacement.Output : editor.AddOutput(replacement, $"{node.Label}_dynamic_{i}");
            if (output is null)
            {
                continue;
            }

            editor.ReplaceUses(output, value);
            if (output.IsGraphOutput)
            {
                editor.ReplaceGraphOutput(output, value);
            }
        }

        editor.RemoveNode(node);
    }

    private static Value Add(ConversionRun run, Node node, int slot, OutputRows rows)
    {
        var dims = node.Input(slot)!.Constant!.Dims;
        var (directions, gates, inputs) = ((int)dims[0], (int)dims[1], (int)dims[2]);
        var bytes = new byte[rows.Numbers.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var (direction, rest) = Math.DivRem(i, gates * inputs);
            bytes[i] = (byte)rows.Numbers[(direction * gates * inputs) + (rest % gates * inputs) + (rest / gates)];
        }

        return run.Editor.AddInitializer(node.Input(slot)!.Name + "_int8", new Tensor(ElementType.Int8, [directions, inputs, gates], bytes));
    }

    private static IEnumerable<Value> Scales(ConversionRun run, Node node, int slot, OutputRows rows)
    {
        var (weight, name) = (node.Input(slot)!.Constant!, node.Input(slot)!.Name);
        long[] dims = [weight.Dims[0], weight.Dims[1]];
        return
        [
            run.Editor.AddInitializer(name + "_scales", Tensor.Of(dims, rows.Scales)),
            run.Editor.AddInitializer(name + "_zero_points", new Tensor(ElementType.Int8, dims, new byte[rows.Scales.Length])),
        ];
    }

    private static OutputRows Round(Tensor weight) => OutputRows.Round(weight.ToFloats(), (int)weight.Dims[2]);

    // Both matrices together, each as much as its own norm.
    private static double Error(Node node, OutputRows weight, OutputRows recurrence)
    {
        var (w, r) = (Energy(node.Input(1)!), Energy(node.Input(2)!));
        var change = (weight.Error * weight.Error * w) + (recurrence.Error * recurrence.Error * r);
        return change == 0 ? 0 : Math.Sqrt(change / (w + r));
    }

    private static double Energy(Value weight)
    {
        var energy = 0.0;
        foreach (var value in weight.Constant!.Span<float>())
        {
            energy += (double)value * value;
        }

        return energy;
    }
}
