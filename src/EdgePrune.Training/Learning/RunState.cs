using EdgePrune.Host;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Everything that a run changes: weights, moments, the best weights, what was done and what it gave.</summary>
internal sealed class RunState : IDisposable
{
    private readonly IReadOnlyList<(string Name, torch.Tensor Tensor)> _tensors;
    private TensorSnapshot? _best;

    public RunState(TrainingTask task)
    {
        var statistics = task.Options.LiveStatistics ? task.Graph.Statistics : new Dictionary<string, torch.Tensor>();
        _tensors = [.. task.Graph.Parameters.Select(p => (p.Key, (torch.Tensor)p.Value)), .. statistics.Concat(task.Kept).Select(k => (k.Key, k.Value))];
        Optimizer = new WeightOptimizer(task.Graph.Parameters.Values, task.Options);
        LastGood = new TensorSnapshot(_tensors.Select(t => t.Tensor));
    }

    public WeightOptimizer Optimizer { get; }

    /// <summary>Weights that gave a finite loss.</summary>
    public TensorSnapshot LastGood { get; }

    /// <summary>Steps that are done.</summary>
    public int Done { get; set; }

    /// <summary>Sum over the samples of the epoch at hand of their batches' losses.</summary>
    public double LossSum { get; set; }

    /// <summary>Epochs that were run to their end.</summary>
    public List<TrainingEpoch> Epochs { get; } = [];

    /// <summary>The epoch with the best score, the first of equals; null before there is a score.</summary>
    public TrainingEpoch? Best => Epochs.Where(e => e.Score is not null).MaxBy(e => e.Score);

    /// <summary>Remembers the present weights as the best.</summary>
    public void KeepBest()
    {
        if (_best is null)
        {
            _best = new TensorSnapshot(_tensors.Select(t => t.Tensor));
        }
        else
        {
            _best.Take();
        }
    }

    /// <summary>Takes the best weights back.</summary>
    /// <returns>Whether there were any.</returns>
    public bool TakeBest()
    {
        _best?.Restore();
        return _best is not null;
    }

    public TrainingCheckpoint Capture(RunIdentity identity) => new(identity, Done, LossSum, [.. Epochs], Floats(_tensors.Select(t => t.Tensor)), _best is null ? null : Floats(_best.Copies), Optimizer.Save());

    /// <summary>Whether a checkpoint holds these tensors, between two steps of such a run.</summary>
    public bool Fits(TrainingCheckpoint checkpoint, int steps, int stepsPerEpoch)
    {
        var (epochs, place) = Math.DivRem(checkpoint.Done, stepsPerEpoch);
        var isClosed = checkpoint.Epochs.Count == epochs || (place == 0 && checkpoint.Epochs.Count == epochs - 1);
        return checkpoint.Done >= 0 && checkpoint.Done <= steps && isClosed && Fits(checkpoint.Weights) && (checkpoint.Best is null || Fits(checkpoint.Best));
    }

    /// <summary>Goes on from a checkpoint of the same run that fits.</summary>
    public void Restore(TrainingCheckpoint checkpoint)
    {
        (Done, LossSum) = (checkpoint.Done, checkpoint.LossSum);
        Epochs.AddRange(checkpoint.Epochs);
        if (checkpoint.Best is { } best)
        {
            Set(best);
            KeepBest();
        }

        Set(checkpoint.Weights);
        LastGood.Take();
        Optimizer.Restore(checkpoint.Optimizer);
    }

    public void Dispose()
    {
        _best?.Dispose();
        LastGood.Dispose();
        Optimizer.Dispose();
    }

    private bool Fits(IReadOnlyList<NamedFloats> values) =>
        values.Count == _tensors.Count && _tensors.Zip(values).All(p => p.First.Name == p.Second.Name && p.First.Tensor.numel() == p.Second.Values.Length);

    private NamedFloats[] Floats(IEnumerable<torch.Tensor> tensors) =>
        [.. _tensors.Zip(tensors).Select(p => new NamedFloats(p.First.Name, TorchTensors.ToFloats(p.Second)))];

    private void Set(IReadOnlyList<NamedFloats> values)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        foreach (var ((_, tensor), value) in _tensors.Zip(values))
        {
            tensor.copy_(torch.tensor(value.Values, tensor.shape));
        }
    }
}
