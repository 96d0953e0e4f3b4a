using System.Globalization;
using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Models of one node.</summary>
internal static class SingleNode
{
    public static string NameOf(int slot) => "in" + slot.ToString(CultureInfo.InvariantCulture);

    /// <summary>The node alone; each input slot is its own input, or a constant.</summary>
    /// <param name="node">The node to copy.</param>
    /// <param name="inputs">For each slot a tensor of its type and shape (null when left out), and whether it is fed.</param>
    /// <param name="attributes">Attributes to set instead of the node's.</param>
    public static Model Make(Node node, IReadOnlyList<(Tensor? Tensor, bool IsFed)> inputs, IReadOnlyDictionary<string, AttributeValue>? attributes = null)
    {
        var model = ModelFactory.Create("probe", node.Domain.Length == 0 ? node.Opset : 17, node.Opset >= 21 ? 10 : 8);
        var editor = new GraphEditor(model.Graph);
        var values = inputs.Select((input, slot) => input switch
        {
            (null, _) => null,
            (var tensor, true) => editor.AddInput(NameOf(slot), tensor.ElementType, [.. tensor.Dims.ToArray().Select(Dim.FromInt64)]),
            var (tensor, _) => editor.AddInitializer(NameOf(slot), tensor),
        }).ToList();
        var copy = editor.AddNode(node.OperatorType, values, "out0", null, node.Domain);
        for (var i = 1; i < node.Outputs.Count; i++)
        {
            editor.AddOutput(copy, "out" + i.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (name, value) in node.Attributes)
        {
            editor.SetAttribute(copy, name, attributes?.GetValueOrDefault(name) ?? value);
        }

        foreach (var (name, value) in attributes ?? new Dictionary<string, AttributeValue>())
        {
            editor.SetAttribute(copy, name, value);
        }

        foreach (var output in copy.Outputs)
        {
            // The runtime infers the type.
            editor.SetElementType(output!, ElementType.Undefined);
            editor.AddGraphOutput(output!);
        }

        return model;
    }
}
