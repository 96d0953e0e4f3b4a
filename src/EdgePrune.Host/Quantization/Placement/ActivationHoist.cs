using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Moves Relu and Clip from behind a MaxPool or a change of shape to in front of it, next to the weighted operator they then
/// merge into. The result is exactly the same: these activations grow with their input and treat each element alone.
/// </summary>
/// <remarks>Worked example: Conv, MaxPool, Relu, as <c>relu(max_pool2d(conv(x)))</c> is exported, becomes Conv, Relu, MaxPool.</remarks>
internal static class ActivationHoist
{
    private static readonly HashSet<string> Commuting = new(StringComparer.Ordinal) { "MaxPool", "Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze" };

    /// <summary>Moves every activation that can be moved.</summary>
    /// <param name="graph">The graph to change.</param>
    public static void Apply(Graph graph)
    {
        var editor = new GraphEditor(graph);
        var moved = false;
        foreach (var activation in graph.Nodes.Where(n => UnitFinder.RuleOf(n) == QuantizationRule.FusedActivation).ToList())
        {
            while (LeadsToWeighted(activation))
            {
                Swap(editor, activation, activation.Input(0)!.Producer!);
                moved = true;
            }
        }

        if (moved)
        {
            editor.Sort();
        }
    }

    private static bool LeadsToWeighted(Node activation)
    {
        if (IsSeen(activation.Output) || !CanPass(activation.Input(0)))
        {
            return false;
        }

        var value = activation.Input(0);
        while (CanPass(value))
        {
            value = value!.Producer!.Input(0);
        }

        return value is { Producer: { } core, Uses.Count: 1, IsGraphOutput: false } && UnitFinder.RuleOf(core) is QuantizationRule.Weighted or QuantizationRule.Activation;
    }

    /// <summary>Whether the value is made by an operator that an activation can move in front of, and for that activation only.</summary>
    private static bool CanPass(Value? value) =>
        value is { Uses.Count: 1, Producer: { } producer }
        && !IsSeen(value)
        && Commuting.Contains(producer.OperatorType)
        && producer.Domain.Length == 0
        && producer.Outputs.Skip(1).All(o => o is not { IsUsed: true });

    private static bool IsSeen(Value value) => value.IsGraphOutput || value.Uses.Any(u => u.Index < 0);

    private static void Swap(GraphEditor editor, Node activation, Node mover)
    {
        editor.ReplaceUses(activation.Output, mover.Output);
        editor.SetInput(activation, 0, mover.Input(0));
        editor.SetInput(mover, 0, activation.Output);
        editor.SetDeclaredShape(activation.Output, null);
    }
}
