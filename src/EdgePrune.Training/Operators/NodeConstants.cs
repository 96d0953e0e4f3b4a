using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Arguments that operators take as an attribute in some versions and as a constant input in others.</summary>
internal static class NodeConstants
{
    /// <summary>Integers from an attribute, else from a constant input; null when neither gives them.</summary>
    public static long[]? Ints(Node node, string attribute, int input) =>
        node.Ints(attribute)?.ToArray() ?? node.Input(input)?.Constant?.ToInts();

    /// <summary>A number from a constant input, else from an attribute; null when neither gives it.</summary>
    public static float? Number(Node node, string attribute, int input) =>
        node.Input(input)?.Constant?.ToFloats()[0] ?? (node.Attributes.ContainsKey(attribute) ? node.Float(attribute, 0) : null);

    /// <summary>The refusal of a node one of whose arguments is computed while the model runs.</summary>
    public static string? RefuseComputed(Node node, params ReadOnlySpan<int> inputs)
    {
        foreach (var input in inputs)
        {
            if (node.Input(input) is { Constant: null } value)
            {
                return $"takes '{value.Name}', which is computed when the model runs";
            }
        }

        return null;
    }

    /// <summary>Axes counted from the front, in ascending order.</summary>
    public static long[] Axes(IEnumerable<long> axes, long rank) => [.. axes.Select(a => a < 0 ? a + rank : a).Order()];
}
