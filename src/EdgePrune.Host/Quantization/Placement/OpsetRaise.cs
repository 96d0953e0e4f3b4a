using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Raises a model to operator set 13, the first in which a scale for each channel can be written, and rewrites the operators
/// whose meaning or form changed on the way.
/// </summary>
internal sealed class OpsetRaise
{
    /// <summary>The operator set that scales for each channel need.</summary>
    public const int Needed = 13;

    private readonly Model _model;
    private readonly CalibrationStatistics _statistics;
    private readonly GraphEditor _editor;

    private OpsetRaise(Model model, CalibrationStatistics statistics)
    {
        _model = model;
        _statistics = statistics;
        _editor = new GraphEditor(model.Graph);
    }

    /// <summary>Raises an older model in place.</summary>
    /// <param name="model">The model.</param>
    /// <param name="statistics">Shapes that the samples showed.</param>
    /// <exception cref="ModelException">An operator cannot be rewritten.</exception>
    public static void Apply(Model model, CalibrationStatistics statistics) => new OpsetRaise(model, statistics).Apply();

    private void Apply()
    {
        foreach (var node in _model.Graph.Nodes.Where(n => n.Domain.Length == 0).ToList())
        {
            Rewrite(node);
        }

        _model.RaiseOpset(Needed);
    }

    private void Rewrite(Node node)
    {
        switch (node.OperatorType)
        {
            case "Softmax" or "LogSoftmax" or "Hardmax":
                RewriteSoftmax(node);
                break;
            case "Squeeze" or "Unsqueeze" or "ReduceSum":
                MoveInts(node, "axes", 1);
                break;
            case "Split":
                MoveInts(node, "split", 1);
                break;
            case "Clip" when _model.Opset < 11:
                MoveFloat(node, "min", 1);
                MoveFloat(node, "max", 2);
                break;
            case "Pad" when _model.Opset < 11:
                MoveInts(node, "pads", 1);
                MoveFloat(node, "value", 2);
                break;
            case "Slice" when _model.Opset < 10:
                MoveInts(node, "starts", 1);
                MoveInts(node, "ends", 2);
                MoveInts(node, "axes", 3);
                break;
            case "Dropout" when _model.Opset < 12:
                // The ratio matters in training only.
                _editor.SetAttribute(node, "ratio", null);
                break;
            case "Upsample":
            case "Resize" when _model.Opset < 11:
                RewriteResize(node);
                break;
            case "BatchNormalization" when _model.Opset < 9 && node.Int("spatial", 1) == 1:
                _editor.SetAttribute(node, "spatial", null);
                break;
            default:
                RequireUnchanged(node);
                break;
        }
    }

    /// <summary>Before version 13 everything from the axis on was one row; the same only when one axis of that row is longer than 1.</summary>
    private void RewriteSoftmax(Node node)
    {
        if (_statistics.Find(node.Input(0))?.Shape is not { } shape)
        {
            throw Refuse(node, "its shape is not known");
        }

        var axis = node.Int("axis", 1);
        var first = (int)(axis < 0 ? axis + shape.Length : axis);
        var wide = Enumerable.Range(first, shape.Length - first).Where(i => shape[i] != 1).ToList();
        if (wide.Count > 1)
        {
            throw Refuse(node, $"it goes over {wide.Count} axes at once");
        }

        _editor.SetAttribute(node, "axis", new AttributeValue.Int(wide.Count == 1 ? wide[0] : shape.Length - 1));
    }

    /// <summary>Resize of version 11 and later does the same when it is told how coordinates were meant before.</summary>
    private void RewriteResize(Node node)
    {
        var scales = node.Attributes.GetValueOrDefault("scales") is AttributeValue.Floats { Values: { } values }
            ? _editor.AddInitializer(node.Output.Name + "_scales", Tensor.Of([values.Count], [.. values]))
            : node.Input(1);
        var resize = _editor.AddNode("Resize", [node.Input(0), null, scales], node.Output.Name + "_resized", before: node);
        _editor.SetAttribute(resize, "mode", new AttributeValue.Text(node.Text("mode", "nearest")));
        _editor.SetAttribute(resize, "coordinate_transformation_mode", new AttributeValue.Text("asymmetric"));
        _editor.SetAttribute(resize, "nearest_mode", new AttributeValue.Text("floor"));
        _editor.ReplaceUses(node.Output, resize.Output);
        if (node.Output.IsGraphOutput)
        {
            _editor.ReplaceGraphOutput(node.Output, resize.Output);
        }

        _editor.RemoveNode(node);
    }

    private void MoveInts(Node node, string attribute, int input)
    {
        if (node.Ints(attribute) is { } values)
        {
            Move(node, attribute, input, Tensor.Vector([.. values]));
        }
    }

    private void MoveFloat(Node node, string attribute, int input)
    {
        if (node.Attributes.GetValueOrDefault(attribute) is AttributeValue.Float value)
        {
            Move(node, attribute, input, Tensor.Of([], [value.Value]));
        }
    }

    private void Move(Node node, string attribute, int input, Tensor tensor)
    {
        _editor.SetInput(node, input, _editor.AddInitializer($"{node.Output.Name}_{attribute}", tensor));
        _editor.SetAttribute(node, attribute, null);
    }

    private void RequireUnchanged(Node node)
    {
        var changedIn = node.OperatorType switch
        {
            "BatchNormalization" => 9,
            "TopK" => 10,
            "Scatter" => 11,
            _ => 0,
        };
        var hasSubgraph = node.OperatorType is "Scan" or "Loop" or "If";
        if (_model.Opset < changedIn || hasSubgraph)
        {
            throw Refuse(node, hasSubgraph ? "its subgraph would have to be rewritten too" : $"it has another form since operator set {changedIn}");
        }
    }

    private ModelException Refuse(Node node, string why) => new(ErrorCode.UnknownOperator,
        $"The model has operator set {_model.Opset}, int8 with a scale for each channel needs {Needed}, and node {node} cannot be rewritten for it: {why}. Export the model again with operator set {Needed} or higher.");
}
