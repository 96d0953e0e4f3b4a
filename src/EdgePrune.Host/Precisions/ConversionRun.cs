using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>One conversion at work: a normalised copy of the model, its shapes, and the report that grows.</summary>
internal sealed class ConversionRun
{
    /// <summary>What weights that stay are in.</summary>
    public const string Float = "float32";

    private readonly string _precision;
    private readonly int _opsetBefore;
    private readonly List<NodeConversion> _nodes = [];
    private readonly List<string> _notes = [];

    private ConversionRun(Model model, string precision)
    {
        IntegerOperators.RequireFloat(model);
        _precision = precision;
        _opsetBefore = model.Opset;
        Model = ModelNormalizer.Normalize(model);
        Editor = new GraphEditor(Model.Graph);
    }

    /// <summary>The model to change.</summary>
    public Model Model { get; }

    /// <summary>Its editor.</summary>
    public GraphEditor Editor { get; }

    /// <summary>Starts a conversion of a copy of a model.</summary>
    /// <exception cref="ModelException">The model is quantized already, or cannot be normalised.</exception>
    public static ConversionRun Of(Model model, string precision) => new(model, precision);

    /// <summary>Shapes of the graph's values, as far as they can be told without samples.</summary>
    public ShapeTable Shapes() => ShapeInference.Infer(Model.Graph);

    /// <summary>Raises the operator set where it is lower than needed.</summary>
    /// <exception cref="ModelException">An operator cannot be rewritten for it.</exception>
    public void NeedOpset(int needed, string why)
    {
        if (Model.Opset >= needed)
        {
            return;
        }

        var shapes = Shapes();
        var known = Model.Graph.Values.Values.Where(v => shapes.Find(v) is not null)
            .ToDictionary(v => v.Name, v => new ValueStatistics(v.ElementType, shapes[v], default, IsFinite: true));
        OpsetRaise.Apply(Model, new CalibrationStatistics(known, 0));
        _notes.Add($"The operator set was raised from {_opsetBefore} to {Model.Opset}: {why}");
    }

    /// <summary>Reports that a node's weights are in the new precision.</summary>
    public void Converted(Node node, string reason, double error) => _nodes.Add(new NodeConversion(node.Label, node.OperatorType, _precision, reason, error));

    /// <summary>Reports that a node's weights stay.</summary>
    public void Kept(Node node, string reason) => _nodes.Add(new NodeConversion(node.Label, node.OperatorType, Float, reason));

    /// <summary>Adds a sentence to the report.</summary>
    public void Note(string sentence) => _notes.Add(sentence);

    /// <summary>Whether any weights were converted.</summary>
    public bool HasConverted => _nodes.Exists(n => n.Precision == _precision);

    /// <summary>Ends the conversion: what nobody reads goes, and ONNX Runtime's graph is read back for the kernels aimed at.</summary>
    /// <param name="kernels">Types of those kernels; none to have ONNX Runtime only load the model.</param>
    /// <exception cref="ModelException">ONNX Runtime refuses the model.</exception>
    public ConvertedModel Finish(params IReadOnlyList<string> kernels)
    {
        foreach (var value in Model.Graph.Initializers.Where(v => !v.IsUsed).ToList())
        {
            Editor.RemoveInitializer(value);
        }

        Editor.Sort();
        if (!HasConverted)
        {
            _notes.Insert(0, "Nothing was converted.");
        }

        foreach (var node in Model.Graph.Nodes.Where(HoldsGraph))
        {
            _nodes.Add(new NodeConversion(node.Label, node.OperatorType, Float, "Graphs within nodes, and the weights in them, are left as they are."));
        }

        return new ConvertedModel(Model, new ConversionReport(_precision, _nodes, OptimizedGraph.Count(Model, kernels), _opsetBefore, Model.Opset, _notes));
    }

    private static bool HoldsGraph(Node node) => node.OperatorType is "If" or "Loop" or "Scan" or "SequenceMap";
}
