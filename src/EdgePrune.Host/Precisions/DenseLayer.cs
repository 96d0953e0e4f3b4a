using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A MatMul or Gemm with a constant weight, read as X W + b.</summary>
/// <param name="Node">The node.</param>
/// <param name="Inputs">Rows of W.</param>
/// <param name="Outputs">Columns of W.</param>
internal sealed record DenseLayer(Node Node, int Inputs, int Outputs)
{
    /// <summary>X.</summary>
    public Value Data => Node.Input(0)!;

    /// <summary>The constant that W is made from.</summary>
    public Value Weight => Node.Input(1)!;

    private bool IsTransposed => Node.Int("transB", 0) != 0;

    private float Factor => Node.Float("alpha", 1);

    /// <summary>What W is made from: the same for layers that share it in the same form.</summary>
    public (Value Weight, bool IsTransposed, float Factor) Source => (Weight, IsTransposed, Factor);

    /// <summary>Reads a node.</summary>
    /// <param name="node">A MatMul or Gemm.</param>
    /// <param name="shapes">Shapes of the graph.</param>
    /// <param name="fewestWeights">Fewest weights that are worth it.</param>
    /// <returns>The layer, or why it cannot be converted.</returns>
    public static (DenseLayer? Layer, string Reason) Read(Node node, ShapeTable shapes, int fewestWeights)
    {
        if (node.Input(1)?.Constant is not { } weight)
        {
            return (null, "Its weight is computed, or is its first input.");
        }

        if (weight.Rank != 2 || weight.Count == 0)
        {
            return (null, "Its weight is no matrix.");
        }

        if (WeightTensors.Refuse(weight) is { } reason)
        {
            return (null, reason);
        }

        if (weight.Count < fewestWeights)
        {
            return (null, $"It has {weight.Count} weights; below {fewestWeights} nothing is gained.");
        }

        var (rows, columns) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        var layer = node.Int("transB", 0) != 0 ? new DenseLayer(node, columns, rows) : new DenseLayer(node, rows, columns);
        return layer.RefuseRest(shapes) is { } rest ? (null, rest) : (layer, "");
    }

    /// <summary>The weights, those of one output after the other.</summary>
    public float[] Columns()
    {
        var values = Weight.Constant!.Span<float>();
        var columns = new float[Inputs * Outputs];
        for (var n = 0; n < Outputs; n++)
        {
            for (var k = 0; k < Inputs; k++)
            {
                columns[(n * Inputs) + k] = Factor * values[IsTransposed ? (n * Inputs) + k : (k * Outputs) + n];
            }
        }

        return columns;
    }

    /// <summary>Puts a product X W in the node's place, with the bias added.</summary>
    public void Replace(GraphEditor editor, Value product)
    {
        var beta = Node.Float("beta", 1);
        if (Node.OperatorType == "Gemm" && Node.Input(2) is { } bias && beta != 0)
        {
            var added = beta == 1 ? bias : editor.AddInitializer(bias.Name + "_scaled", bias.Constant!.Map((_, b) => b * beta));
            product = editor.AddNode("Add", [product, added], Node.Output.Name + "_biased", before: Node).Output;
            editor.SetElementType(product, ElementType.Float32);
        }

        // Cannot fail: the product is new, and a node of one output.
        editor.TryBypass(Node, product);
    }

    private string? RefuseRest(ShapeTable shapes)
    {
        if (Node.OperatorType == "MatMul")
        {
            return shapes.Find(Data) is { Length: >= 2 } ? null : "The rank of its input is not known, or is 1.";
        }

        if (Node.Int("transA", 0) != 0)
        {
            return "Its input is read transposed.";
        }

        var isScaledBias = Node.Input(2) is { Constant: null } && Node.Float("beta", 1) is not (0 or 1);
        return isScaledBias ? "Its bias is computed and scaled." : null;
    }
}
