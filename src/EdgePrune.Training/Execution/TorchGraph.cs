using System.Runtime.InteropServices;
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
/// Float constants learn, except the running statistics of batch normalization, which stays in inference mode, the bounds of Clip,
/// and single numbers that arithmetic reads. Weights held in Constant nodes become initializers. Half and double precision are
/// computed as 32-bit floats and rounded on export.
/// </remarks>
public sealed class TorchGraph : IDisposable
{
    private readonly Model _model;
    private readonly GraphStep[] _steps;
    private readonly torch.Tensor?[] _constants;
    private readonly IReadOnlyDictionary<Value, int> _slots;
    private readonly Dictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Func<torch.Tensor, torch.Tensor>> _valueTransforms = [];
    private readonly Dictionary<(Node Node, int Input), Func<torch.Tensor, torch.Tensor>> _inputTransforms = [];

    /// <summary>Builds the program. The model is copied and never changed.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ModelException"><see cref="ErrorCode.UnknownOperator"/>: the model has nodes that cannot be trained; the message names them all.</exception>
    /// <exception cref="InputException"><see cref="ErrorCode.TrainingUnavailable"/>: libtorch cannot be loaded.</exception>
    public TorchGraph(Model model)
    {
        _model = model.Clone();
        new ConstantNodesToInitializers().Apply(_model);
        var compiler = new GraphCompiler(_model.Graph);
        _slots = compiler.Slots;
        _steps = compiler.Compile();
        LibTorch.Require();

        _constants = new torch.Tensor?[_slots.Count];
        foreach (var value in _model.Graph.Initializers.Where(v => v.IsUsed))
        {
            _constants[_slots[value]] = Load(value);
        }
    }

    /// <summary>The weights that learn, by the names of their initializers, in the file's order.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => _parameters;

    /// <summary>The model that is run, with the weights it started from.</summary>
    internal Model Source => _model;

    /// <summary>The graph that is run.</summary>
    internal Graph Graph => _model.Graph;

    /// <summary>Changes a value for all its readers from now on: a weight as well as what a node gives, such as by rounding or a mask.</summary>
    /// <param name="value">A value of <see cref="Graph"/>.</param>
    /// <param name="transform">The change, recorded for gradients; null for none any more.</param>
    internal void Transform(Value value, Func<torch.Tensor, torch.Tensor>? transform)
    {
        _valueTransforms.Remove(_slots[value]);
        if (transform is not null)
        {
            _valueTransforms.Add(_slots[value], transform);
        }
    }

    /// <summary>Changes what one node reads at one input, and nobody else, such as by gates on its channels.</summary>
    /// <param name="node">A node of <see cref="Graph"/>.</param>
    /// <param name="input">Number of its input.</param>
    /// <param name="transform">The change, recorded for gradients; null for none any more.</param>
    internal void Transform(Node node, int input, Func<torch.Tensor, torch.Tensor>? transform)
    {
        _inputTransforms.Remove((node, input));
        if (transform is not null)
        {
            _inputTransforms.Add((node, input), transform);
        }
    }

    /// <summary>Runs the graph and records it for gradients.</summary>
    /// <param name="feeds">A tensor for each fed input, by name.</param>
    /// <returns>The graph's outputs in their order. Tensors live until the dispose scope around the call ends.</returns>
    /// <exception cref="InputException">An input is not fed.</exception>
    /// <exception cref="ModelException">A node cannot work on the shapes it gets; the message names it.</exception>
    public IReadOnlyList<torch.Tensor> Forward(IReadOnlyDictionary<string, Tensor> feeds) => Forward(feeds, Graph.Outputs);

    /// <summary>Runs the graph without gradients.</summary>
    /// <param name="feeds">A tensor for each fed input, by name.</param>
    /// <returns>The graph's outputs in their order, as 32-bit floats.</returns>
    /// <exception cref="InputException">An input is not fed.</exception>
    /// <exception cref="ModelException">A node cannot work on the shapes it gets; the message names it.</exception>
    public IReadOnlyList<Tensor> Run(IReadOnlyDictionary<string, Tensor> feeds)
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.no_grad();
        return [.. Forward(feeds).Select(TorchTensors.ToFloat32)];
    }

    /// <summary>The model with the present weights.</summary>
    /// <returns>A new model; equal weights give equal bytes.</returns>
    public Model Export()
    {
        var copy = _model.Clone();
        var editor = new GraphEditor(copy.Graph);
        foreach (var (name, parameter) in _parameters)
        {
            var value = copy.Graph.Values[name];
            editor.SetInitializer(value, value.Constant!.WithFloats(TorchTensors.ToFloats(parameter), value.Constant.Dims));
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

    internal IReadOnlyList<torch.Tensor> Forward(IReadOnlyDictionary<string, Tensor> feeds, IEnumerable<Value> wanted)
    {
        var slots = _constants.ToArray();
        foreach (var input in Graph.FedInputs)
        {
            slots[_slots[input]] = TorchTensors.From(feeds.GetValueOrDefault(input.Name) ?? throw new InputException(
                ErrorCode.SampleShapeMismatch, $"The model's input '{input.Name}' is not fed. Give a tensor for each of {string.Join(", ", Graph.FedInputs.Select(i => $"'{i.Name}'"))}."));
        }

        foreach (var (slot, transform) in _valueTransforms.Where(t => slots[t.Key] is not null))
        {
            slots[slot] = transform(slots[slot]!);
        }

        foreach (var step in _steps)
        {
            Execute(step, slots);
        }

        return [.. wanted.Select(v => slots[_slots[v]]!)];
    }

    private void Execute(GraphStep step, torch.Tensor?[] slots)
    {
        torch.Tensor[] results;
        try
        {
            results = step.Kernel(Inputs(step, slots));
        }
        catch (ExternalException e) when (FirstLine(e.Message).Contains("allocate memory", StringComparison.Ordinal))
        {
            throw new InputException(ErrorCode.TrainingUnavailable, $"Memory ran out at node {step.Node}: {FirstLine(e.Message)} Lower the batch size.", e);
        }
        catch (Exception e) when (e is ExternalException or ArgumentException)
        {
            throw new ModelException(ErrorCode.ShapeMismatch, $"Node {step.Node} cannot work on its inputs: {FirstLine(e.Message)} Compare the samples' shape with the model's.", e);
        }

        for (var i = 0; i < Math.Min(results.Length, step.Outputs.Length); i++)
        {
            if (step.Outputs[i] >= 0)
            {
                slots[step.Outputs[i]] = _valueTransforms.TryGetValue(step.Outputs[i], out var transform) ? transform(results[i]) : results[i];
            }
        }
    }

    // Most graphs change no input, and read their slots as they are.
    private KernelInputs Inputs(GraphStep step, torch.Tensor?[] slots)
    {
        if (_inputTransforms.Count == 0 || !Enumerable.Range(0, step.Inputs.Length).Any(i => _inputTransforms.ContainsKey((step.Node, i))))
        {
            return new KernelInputs(slots, step.Inputs);
        }

        var inputs = step.Inputs.Select((slot, i) => slot < 0 ? null : _inputTransforms.TryGetValue((step.Node, i), out var transform) ? transform(slots[slot]!) : slots[slot]).ToArray();
        return new KernelInputs(inputs, [.. step.Inputs.Select((slot, i) => slot < 0 ? -1 : i)]);
    }

    private torch.Tensor Load(Value value)
    {
        var tensor = TorchTensors.From(value.Constant!).DetachFromDisposeScope();
        if (!GraphCompiler.Learns(value))
        {
            return tensor;
        }

        var parameter = new Parameter(tensor);
        parameter.DetachFromDisposeScope();
        _parameters.Add(value.Name, parameter);
        return parameter;
    }

    // libtorch appends its own stack to the message.
    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd('.', ' ') + ".";
}
