using EdgePrune.Contracts;

namespace EdgePrune.Onnx;

/// <summary>Finds concrete shapes from the operator definitions, for one choice of the free dimensions.</summary>
public static class ShapeInference
{
    /// <summary>Infers all shapes that the definitions can tell.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="freeDimension">Size of every dimension that the file leaves free. Default: 1.</param>
    /// <param name="inputs">Shapes of fed inputs by name that override the declared ones, or null.</param>
    /// <returns>The shapes; those it cannot tell are missing.</returns>
    public static ShapeTable Infer(Graph graph, int freeDimension = 1, IReadOnlyDictionary<string, long[]>? inputs = null)
    {
        var shapes = new ShapeTable();
        foreach (var input in graph.FedInputs)
        {
            if (inputs is not null && inputs.TryGetValue(input.Name, out var shape))
            {
                shapes.Set(input, shape);
            }
            else if (input.DeclaredShape is { } declared)
            {
                shapes.Set(input, [.. declared.Select(d => d.Size ?? freeDimension)]);
            }
        }

        foreach (var node in graph.Nodes)
        {
            Infer(node, shapes);
        }

        return shapes;
    }

    private static void Infer(Node node, ShapeTable shapes)
    {
        if (OperatorRegistry.Find(node) is not { } definition || node.Inputs.Any(v => v is not null && shapes.Find(v) is null))
        {
            return;
        }

        var inferred = InferChecked(node, definition, shapes);
        for (var i = 0; inferred is not null && i < Math.Min(inferred.Count, node.Outputs.Count); i++)
        {
            if (node.Outputs[i] is { } output && inferred[i] is { } shape)
            {
                shapes.Set(output, RequirePossible(node, shape));
            }
        }
    }

    private static IReadOnlyList<long[]?>? InferChecked(Node node, OperatorDefinition definition, ShapeTable shapes)
    {
        try
        {
            if (IntegerValues.Evaluate(node, shapes) is { } integers)
            {
                shapes.SetIntegers(node.Output, integers);
            }

            return definition.InferShapes(node, shapes);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or DivideByZeroException or InvalidCastException or InvalidOperationException)
        {
            var inputs = string.Join(", ", node.Inputs.OfType<Value>().Select(v => $"'{v.Name}' [{string.Join(", ", shapes[v])}]"));
            throw new ModelException(ErrorCode.ShapeMismatch, $"Node {node} cannot take inputs of these shapes: {inputs}. The model is inconsistent; export it again.", e);
        }
    }

    private static long[] RequirePossible(Node node, long[] shape) => shape.All(d => d >= 0)
        ? shape
        : throw new ModelException(ErrorCode.ShapeMismatch, $"Node {node} would give the shape [{string.Join(", ", shape)}]. The model is inconsistent; export it again.");
}
