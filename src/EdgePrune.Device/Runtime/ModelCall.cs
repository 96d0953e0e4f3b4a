using EdgePrune.Profiler;

namespace EdgePrune.Device;

/// <summary>
/// One use of the served model by one thread: write the inputs' bytes, run, read the outputs' bytes, dispose. The model does not change under
/// it, whatever the agent installs meanwhile. Neither the call nor its runs allocate managed memory.
/// </summary>
public readonly struct ModelCall : IDisposable
{
    private readonly ModelGeneration _generation;
    private readonly BoundSession _session;

    internal ModelCall(ModelGeneration generation, BoundSession session) => (_generation, _session) = (generation, session);

    /// <summary>Which model it is.</summary>
    public ModelSlot Model => _generation.Slot;

    /// <summary>The inputs, in the model's order; they hold what the last call wrote, at first zeros.</summary>
    public IReadOnlyList<BoundTensor> Inputs => _session.Inputs;

    /// <summary>The outputs, in the model's order; empty before the first run of a model with outputs of unknown shape.</summary>
    public IReadOnlyList<BoundTensor> Outputs => _session.Outputs;

    /// <summary>Runs the model on what the inputs hold now.</summary>
    /// <exception cref="Contracts.ModelException">ONNX Runtime cannot run the model on these inputs.</exception>
    public void Run() => _session.Run();

    /// <summary>Gives the tensors back. Once for each call, on no other copy of it.</summary>
    public void Dispose() => _generation?.Return(_session);
}
