using TorchSharp;

namespace EdgePrune.Training;

/// <summary>What one direction of a recurrent layer reads: its slices of the weights, and its states at the start.</summary>
/// <param name="x">The node's inputs.</param>
/// <param name="direction">Which direction.</param>
/// <param name="isBatchFirst">Whether states have the batch as first axis.</param>
internal sealed class RecurrentWeights(KernelInputs x, int direction, bool isBatchFirst)
{
    /// <summary>Input weights, [gates * units, inputs].</summary>
    public torch.Tensor Input { get; } = x[1].select(0, direction);

    /// <summary>Recurrent weights, [gates * units, units].</summary>
    public torch.Tensor Recurrent { get; } = x[2].select(0, direction);

    /// <summary>Biases of the input side, [gates * units].</summary>
    public torch.Tensor? InputBias { get; } = x.Find(3)?.select(0, direction).chunk(2)[0];

    /// <summary>Biases of the recurrent side.</summary>
    public torch.Tensor? RecurrentBias { get; } = x.Find(3)?.select(0, direction).chunk(2)[1];

    /// <summary>What the input, output and forget gate read of the cell, [units] each.</summary>
    public torch.Tensor[]? Peepholes { get; } = x.Find(7)?.select(0, direction).chunk(3);

    public int Units => (int)Recurrent.shape[1];

    /// <summary>The hidden state at the start, [batch, units].</summary>
    public torch.Tensor State(torch.Tensor data) => Start(x.Find(5), data);

    /// <summary>The cell state at the start, [batch, units].</summary>
    public torch.Tensor Cell(torch.Tensor data) => Start(x.Find(6), data);

    private torch.Tensor Start(torch.Tensor? state, torch.Tensor data) =>
        state?.select(isBatchFirst ? 1 : 0, direction) ?? torch.zeros([data.shape[1], Units], data.dtype);
}
