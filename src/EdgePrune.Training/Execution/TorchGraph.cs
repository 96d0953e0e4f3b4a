using EdgePrune.Contracts;
using EdgePrune.Onnx;
using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training;

/// <summary>
/// An ONNX graph as a differentiable program: weights become parameters, each node a step over numbered slots, and
/// <see cref="Export"/> writes what was learnt back into a model of the same structure.
/// </summary>
/// <remarks>
/// Float constants learn, except the running statistics of batch normalization, the bounds of Clip, the scales of Resize and their
/// like, single numbers that arithmetic reads, and attention masks (constants that reach -1000). Weights held in Constant nodes
/// become initializers; running statistics that several nodes share become one for each. Half and double precision are computed
/// as 32-bit floats and rounded on export. One run at a time.
/// </remarks>
public sealed class TorchGraph : IDisposable
{
    private readonly Model _model;
    private readonly GraphStep[] _steps;
    private readonly GraphProgram _program;
    private readonly torch.Tensor?[] _constants;
    private readonly IReadOnlyDictionary<Value, int> _slots;
    private readonly Value[] _fed;
    private readonly int[] _outputs;
    private readonly ExecutionMode _recorded;
    private readonly ExecutionMode _inference;
    private readonly Dictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);

    /// <summary>Builds the program. The model is copied and never changed.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ModelException"><see cref="ErrorCode.UnknownOperator"/>: the model has nodes that cannot be trained; the message names them all.</exception>
    /// <exception cref="InputException"><see cref="ErrorCode.TrainingUnavailable"/>: libtorch cannot be loaded.</exception>
    public TorchGraph(Model model)
        : this(model, torch.ScalarType.Float32)
    {
    }

    /// <summary>Builds the program.</summary>
    /// <param name="model">The model.</param>
    /// <param name="real">The type that real numbers are computed in.</param>
    internal TorchGraph(Model model, torch.ScalarType real)
    {
        _model = model.Clone();
        new ConstantNodesToInitializers().Apply(_model);
        RunningStatistics.Part(_model.Graph);
        var compiler = new GraphCompiler(_model.Graph);
        _slots = compiler.Slots;
        _steps = compiler.Compile();
        LibTorch.Require();

        (_recorded, _inference) = (new ExecutionMode(real), new ExecutionMode(real));
        _fed = [.. Graph.FedInputs];
        _outputs = [.. Graph.Outputs.Select(o => _slots[o])];
        _constants = new torch.Tensor?[_slots.Count];
        foreach (var value in _model.Graph.Initializers.Where(v => v.IsUsed))
        {
            _constants[_slots[value]] = Load(value, real);
        }

        _program = new GraphProgram(_steps, _constants);
    }

    /// <summary>The weights that learn, by the names of their initializers, in the file's order.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => _parameters;

    /// <summary>
    /// Whether <see cref="Forward(IReadOnlyDictionary{string, Tensor})"/> normalizes batches by their own statistics, and moves the running ones
    /// towards them by the momentum of each node. <see cref="Run"/> always uses the running ones; <see cref="Export"/> writes them.
    /// </summary>
    /// <value>False by default: the running statistics are used and stay as they are.</value>
    /// <exception cref="ModelException">Set to true: a node computes its statistics, so that there is no place to remember them.</exception>
    public bool HasLiveStatistics
    {
        get => _recorded.HasLiveStatistics;
        set
        {
            if (value)
            {
                RunningStatistics.RequireConstants(Graph);
            }

            _recorded.HasLiveStatistics = value;
        }
    }

    /// <summary>The running statistics that live batches move, in place, by the names of their initializers.</summary>
    internal IReadOnlyDictionary<string, torch.Tensor> Statistics => RunningStatistics.Of(Graph).ToDictionary(v => v.Name, v => _constants[_slots[v]]!);

    /// <summary>The model that is run, with the weights it started from.</summary>
    internal Model Source => _model;

    /// <summary>The graph that is run.</summary>
    internal Graph Graph => _model.Graph;

    /// <summary>Changes a value for all its readers from now on: a weight as well as what a node gives, such as by rounding or a mask.</summary>
    /// <param name="value">A value of <see cref="Graph"/>.</param>
    /// <param name="transform">The change, recorded for gradients; null for none any more.</param>
    internal void Transform(Value value, Func<torch.Tensor, torch.Tensor>? transform) => _program.Transform(_slots[value], transform);

    /// <summary>Changes what one node reads at one input, and nobody else, such as by gates on its channels.</summary>
    /// <param name="node">A node of <see cref="Graph"/>.</param>
    /// <param name="input">Number of its input.</param>
    /// <param name="transform">The change, recorded for gradients; null for none any more.</param>
    internal void Transform(Node node, int input, Func<torch.Tensor, torch.Tensor>? transform) =>
        Array.Find(_steps, s => s.Node == node)!.Transform(input, transform);

    /// <summary>Runs the graph and records it for gradients.</summary>
    /// <param name="feeds">A tensor for each fed input, by name.</param>
    /// <returns>The graph's outputs in their order. Tensors live until the dispose scope around the call ends.</returns>
    /// <exception cref="InputException">An input is not fed.</exception>
    /// <exception cref="ModelException">A node cannot work on the shapes it gets; the message names it.</exception>
    public IReadOnlyList<torch.Tensor> Forward(IReadOnlyDictionary<string, Tensor> feeds) => Forward(feeds, _outputs, _recorded);

    /// <summary>Runs the graph without gradients.</summary>
    /// <param name="feeds">A tensor for each fed input, by name.</param>
    /// <returns>The graph's outputs in their order: real numbers as 32-bit floats, whole numbers and truth values as they are.</returns>
    /// <exception cref="InputException">An input is not fed.</exception>
    /// <exception cref="ModelException">A node cannot work on the shapes it gets; the message names it.</exception>
    public IReadOnlyList<Tensor> Run(IReadOnlyDictionary<string, Tensor> feeds)
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.no_grad();
        return [.. Forward(feeds, _outputs, _inference).Select(TorchTensors.ToTensor)];
    }

    /// <summary>The model with the present weights and running statistics.</summary>
    /// <returns>A new model; equal weights give equal bytes.</returns>
    public Model Export()
    {
        var copy = _model.Clone();
        var editor = new GraphEditor(copy.Graph);
        foreach (var value in Graph.Initializers.Where(v => _parameters.ContainsKey(v.Name)).Concat(RunningStatistics.Of(Graph)))
        {
            var stored = copy.Graph.Values[value.Name];
            editor.SetInitializer(stored, stored.Constant!.WithFloats(TorchTensors.ToFloats(_constants[_slots[value]]!), stored.Constant.Dims));
        }

        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var constant in _constants)
        {
            constant?.Dispose();
        }
    }

    internal IReadOnlyList<torch.Tensor> Forward(IReadOnlyDictionary<string, Tensor> feeds, IEnumerable<Value> wanted) =>
        Forward(feeds, [.. wanted.Select(v => _slots[v])], _recorded);

    private torch.Tensor[] Forward(IReadOnlyDictionary<string, Tensor> feeds, int[] wanted, ExecutionMode mode)
    {
        var fed = Array.ConvertAll(_fed, input => (_slots[input], TorchTensors.From(feeds.GetValueOrDefault(input.Name) ?? throw NotFed(input), mode.Real)));
        return _program.Run(fed, wanted, mode);
    }

    private InputException NotFed(Value input) => new(
        ErrorCode.SampleShapeMismatch, $"The model's input '{input.Name}' is not fed. Give a tensor for each of {string.Join(", ", _fed.Select(i => $"'{i.Name}'"))}.");

    private torch.Tensor Load(Value value, torch.ScalarType real)
    {
        var tensor = TorchTensors.From(value.Constant!, real).DetachFromDisposeScope();
        if (!GraphCompiler.Learns(value))
        {
            return tensor;
        }

        var parameter = new Parameter(tensor);
        parameter.DetachFromDisposeScope();
        _parameters.Add(value.Name, parameter);
        return parameter;
    }
}
