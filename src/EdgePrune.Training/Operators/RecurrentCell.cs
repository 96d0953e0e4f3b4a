using TorchSharp;

namespace EdgePrune.Training;

/// <summary>One step of one direction of a recurrent layer.</summary>
/// <param name="type">LSTM, GRU or RNN.</param>
/// <param name="isBackward">Whether sequences run from their ends.</param>
internal sealed class RecurrentCell(string type, bool isBackward)
{
    public bool IsBackward => isBackward;

    public bool HasCellState => type == "LSTM";

    /// <summary>Activations: of the gates, of the candidate, of the cell state.</summary>
    public required Func<torch.Tensor, torch.Tensor>[] Functions { get; init; }

    /// <summary>Whether a GRU resets after the product with the recurrent weights.</summary>
    public bool ResetsAfter { get; init; }

    /// <param name="input">What the inputs give all gates, [batch, gates * units].</param>
    /// <param name="state">Hidden state.</param>
    /// <param name="cell">Cell state of an LSTM.</param>
    /// <param name="weights">The direction's weights.</param>
    /// <returns>The next states.</returns>
    public (torch.Tensor State, torch.Tensor? Cell) Next(torch.Tensor input, torch.Tensor state, torch.Tensor? cell, RecurrentWeights weights) => type switch
    {
        "LSTM" => LongShort(input + Recurrent(state, weights), cell!, weights.Peepholes),
        "GRU" => (Gated(input, state, weights), null),
        _ => (Functions[0](input + Recurrent(state, weights)), null),
    };

    // Gates in the order input, output, forget, candidate.
    private (torch.Tensor State, torch.Tensor? Cell) LongShort(torch.Tensor sums, torch.Tensor cell, torch.Tensor[]? peepholes)
    {
        var gates = sums.chunk(4, 1);
        var enter = Functions[0](peepholes is null ? gates[0] : gates[0] + (peepholes[0] * cell));
        var forget = Functions[0](peepholes is null ? gates[2] : gates[2] + (peepholes[2] * cell));
        var next = (forget * cell) + (enter * Functions[1](gates[3]));
        var leave = Functions[0](peepholes is null ? gates[1] : gates[1] + (peepholes[1] * next));
        return (leave * Functions[2](next), next);
    }

    // Gates in the order update, reset, candidate.
    private torch.Tensor Gated(torch.Tensor input, torch.Tensor state, RecurrentWeights weights)
    {
        var units = weights.Units;
        var inputs = input.chunk(3, 1);
        var gates = Product(state, weights.Recurrent.narrow(0, 0, 2 * units), weights.RecurrentBias?.narrow(0, 0, 2 * units)).chunk(2, 1);
        var (update, reset) = (Functions[0](inputs[0] + gates[0]), Functions[0](inputs[1] + gates[1]));
        var (weight, bias) = (weights.Recurrent.narrow(0, 2 * units, units), weights.RecurrentBias?.narrow(0, 2 * units, units));
        var candidate = Functions[1](inputs[2] + (ResetsAfter ? reset * Product(state, weight, bias) : Product(reset * state, weight, bias)));
        return ((1 - update) * candidate) + (update * state);
    }

    private static torch.Tensor Recurrent(torch.Tensor state, RecurrentWeights weights) => Product(state, weights.Recurrent, weights.RecurrentBias);

    private static torch.Tensor Product(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias) => torch.nn.functional.linear(x, weight, bias);
}
