using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>
/// Writes models as one reads them: <c>var x = g.Input(1, 3, 8, 8); x = g.Relu(g.Conv(x, 16)); g.Output(x);</c>.
/// Weights are random from a seed and scaled so that activations stay near one.
/// </summary>
public sealed partial class GraphBuilder
{
    private readonly Random _random;
    private readonly Model _model;
    private readonly GraphEditor _editor;
    private readonly ShapeTable _shapes = new();
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Starts an empty model.</summary>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="opset">Version of the standard operator set.</param>
    public GraphBuilder(int seed = 1, int opset = 17)
    {
        _random = new Random(seed);
        _model = ModelFactory.Create("test", opset, opset >= 21 ? 10 : 8);
        _editor = new GraphEditor(_model.Graph);
    }

    /// <summary>Version of the standard operator set.</summary>
    public int Opset => _model.Opset;

    /// <summary>Adds a float input.</summary>
    /// <param name="dims">Its shape.</param>
    /// <returns>The value.</returns>
    public Value Input(params long[] dims) => Input(ElementType.Float32, [.. dims.Select(Dim.FromInt64)]);

    /// <summary>Adds an input whose first dimension is free and named "batch".</summary>
    /// <param name="dims">The other dimensions.</param>
    /// <returns>The value.</returns>
    public Value BatchInput(params long[] dims) => Input(ElementType.Float32, [new Dim(null, "batch"), .. dims.Select(Dim.FromInt64)]);

    /// <summary>Adds an input.</summary>
    /// <param name="type">Type of its elements.</param>
    /// <param name="dims">Its shape.</param>
    /// <returns>The value.</returns>
    public Value Input(ElementType type, params IReadOnlyList<Dim> dims)
    {
        var input = _editor.AddInput(Name("input"), type, dims);
        _shapes.Set(input, [.. dims.Select(d => d.Size ?? 1)]);
        return input;
    }

    /// <summary>Adds an initializer.</summary>
    /// <param name="tensor">The constant.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The value.</returns>
    public Value Constant(Tensor tensor, string name = "constant") => _editor.AddInitializer(Name(name), tensor);

    /// <summary>Adds a vector of whole numbers as an initializer.</summary>
    /// <param name="values">The numbers.</param>
    /// <returns>The value.</returns>
    public Value Ints(params long[] values) => Constant(Tensor.Vector(values), "ints");

    /// <summary>Adds a float scalar as an initializer.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The value.</returns>
    public Value Scalar(float value) => Constant(Tensor.Of([], [value]), "scalar");

    /// <summary>Adds random weights as an initializer.</summary>
    /// <param name="scale">Largest absolute value.</param>
    /// <param name="dims">Shape.</param>
    /// <returns>The value.</returns>
    public Value Weight(float scale, params long[] dims) => Constant(RandomTensor(-scale, scale, dims), "weight");

    /// <summary>Random numbers of the builder's seed.</summary>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="dims">Shape.</param>
    /// <returns>The tensor.</returns>
    public Tensor RandomTensor(float low, float high, params long[] dims) => Tensor.Of(dims, Numbers.Uniform(_random, Tensor.Elements(dims), low, high));

    /// <summary>Adds a node with one output.</summary>
    /// <param name="type">Type of the operator.</param>
    /// <param name="inputs">Its inputs, null where one is left out.</param>
    /// <param name="attributes">Its attributes: long, int, float, string, arrays of long, float or string, or a tensor.</param>
    /// <returns>Its output.</returns>
    public Value Op(string type, IReadOnlyList<Value?> inputs, params (string Name, object Value)[] attributes) => Ops(type, 1, inputs, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <param name="type">Type of the operator.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="inputs">Its inputs, null where one is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>Its outputs.</returns>
    public IReadOnlyList<Value> Ops(string type, int outputs, IReadOnlyList<Value?> inputs, params (string Name, object Value)[] attributes)
    {
        var node = _editor.AddNode(type, inputs, Name(type.ToLowerInvariant()));
        for (var i = 1; i < outputs; i++)
        {
            _editor.AddOutput(node, node.Name + "_" + i);
        }

        foreach (var (name, value) in attributes)
        {
            _editor.SetAttribute(node, name, Attribute(value));
        }

        return Finish(node);
    }

    /// <summary>Adds a node of another domain; its output has its input's shape.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="type">Type of the operator.</param>
    /// <param name="input">Its input.</param>
    /// <param name="others">Further inputs.</param>
    /// <returns>Its output.</returns>
    public Value CustomOp(string domain, string type, Value input, params Value[] others)
    {
        _model.ImportDomain(domain, 1);
        var node = _editor.AddNode(type, [input, .. others], Name(type.ToLowerInvariant()), null, domain);
        _shapes.Set(node.Output, _shapes[input]);
        return node.Output;
    }

    /// <summary>Makes a value an output of the model, with its shape declared.</summary>
    /// <param name="value">The value.</param>
    public void Output(Value value)
    {
        if (_shapes.Find(value) is { } shape)
        {
            var batch = _model.Graph.FedInputs.FirstOrDefault()?.DeclaredShape is [{ Size: null }, ..];
            _editor.SetDeclaredShape(value, [.. shape.Select((d, axis) => batch && axis == 0 ? new Dim(null, "batch") : Dim.FromInt64(d))]);
        }

        _editor.AddGraphOutput(value);
    }

    /// <summary>The model so far.</summary>
    /// <returns>The model itself; the builder should not be used after.</returns>
    public Model Build() => _model;

    /// <summary>Shape of a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its dimensions.</returns>
    public long[] Shape(Value value) => _shapes[value];

    /// <summary>Number of channels: size of axis 1.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The size.</returns>
    public int Channels(Value value) => _shapes.Size(value, 1);

    private IReadOnlyList<Value> Finish(Node node)
    {
        var inferred = OperatorRegistry.Find(node)?.InferShapes(node, _shapes);
        foreach (var (output, index) in node.Outputs.Select((o, i) => (o!, i)))
        {
            if (inferred?[index] is { } shape)
            {
                _shapes.Set(output, shape);
            }

            _editor.SetElementType(output, TypeOf(node, index));
        }

        return [.. node.Outputs.OfType<Value>()];
    }

    private static ElementType TypeOf(Node node, int output) => node.OperatorType switch
    {
        "Shape" or "Size" or "ArgMax" or "ArgMin" => ElementType.Int64,
        "Equal" or "Less" or "Greater" or "LessOrEqual" or "GreaterOrEqual" or "Not" or "And" or "Or" or "Xor" or "IsNaN" or "IsInf" => ElementType.Bool,
        "Cast" => (ElementType)node.Int("to", 1),
        "Where" => node.Input(1)!.ElementType,
        "MaxPool" or "TopK" when output == 1 => ElementType.Int64,
        "Dropout" when output == 1 => ElementType.Bool,
        "Constant" or "ConstantOfShape" => node.Attributes.Values.FirstOrDefault() switch
        {
            AttributeValue.Constant tensor => tensor.Value.ElementType,
            AttributeValue.Int or AttributeValue.Ints => ElementType.Int64,
            _ => ElementType.Float32,
        },
        _ => node.Input(0)?.ElementType ?? ElementType.Float32,
    };

    private static AttributeValue Attribute(object value) => value switch
    {
        int number => new AttributeValue.Int(number),
        long number => new AttributeValue.Int(number),
        float number => new AttributeValue.Float(number),
        string text => new AttributeValue.Text(text),
        string[] texts => new AttributeValue.Texts(texts),
        long[] numbers => new AttributeValue.Ints(numbers),
        float[] numbers => new AttributeValue.Floats(numbers),
        Tensor tensor => new AttributeValue.Constant(tensor),
        _ => throw new ArgumentException($"An attribute cannot be a {value.GetType().Name}.", nameof(value)),
    };

    private string Name(string stem)
    {
        var number = _numbers[stem] = _numbers.GetValueOrDefault(stem) + 1;
        return stem + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
