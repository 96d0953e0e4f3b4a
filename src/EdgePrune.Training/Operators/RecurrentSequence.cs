using TorchSharp;

namespace EdgePrune.Training;

/// <summary>One direction of a recurrent layer over all steps.</summary>
/// <param name="All">Hidden states of all steps, [steps, batch, units].</param>
/// <param name="State">The last hidden state of every sequence, [batch, units].</param>
/// <param name="Cell">The last cell state of an LSTM.</param>
internal sealed record RecurrentSequence(torch.Tensor All, torch.Tensor State, torch.Tensor? Cell)
{
    public static RecurrentSequence Run(RecurrentCell cell, RecurrentWeights weights, torch.Tensor data, long[]? lengths)
    {
        var steps = data.shape[0];
        var ordered = cell.IsBackward ? Backwards(data, lengths) : data;
        var inputs = torch.nn.functional.linear(ordered, weights.Input, weights.InputBias).unbind();
        var (state, memory) = (weights.State(data), cell.HasCellState ? weights.Cell(data) : null);
        var all = new torch.Tensor[steps];
        for (var step = 0; step < steps; step++)
        {
            var (next, nextMemory) = cell.Next(inputs[step], state, memory, weights);
            if (lengths is not null)
            {
                // A sequence that has ended keeps its state and gives zeros.
                var goesOn = torch.tensor(Array.ConvertAll(lengths, l => step < l)).unsqueeze(1);
                all[step] = torch.where(goesOn, next, next.zeros_like());
                (next, nextMemory) = (torch.where(goesOn, next, state), nextMemory is null ? null : torch.where(goesOn, nextMemory, memory!));
            }
            else
            {
                all[step] = next;
            }

            (state, memory) = (next, nextMemory);
        }

        var stacked = torch.stack(all);
        return new RecurrentSequence(cell.IsBackward ? Backwards(stacked, lengths) : stacked, state, memory);
    }

    private static torch.Tensor Backwards(torch.Tensor x, long[]? lengths) => lengths is null ? x.flip(0) : SequenceReversal.Of(x, lengths);
}
