using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Trains one network after the other on the same samples.</summary>
internal sealed class LotterySession(ISampleSource samples, TrainingOptions options, FineTuneSettings settings, CancellationToken cancellation)
{
    private TrainingFinished _last = new(TrainingEnd.Completed, 0, [], "", null);
    private int _steps;

    /// <summary>Whether no further round is to be trained.</summary>
    public bool IsOver => _last.End == TrainingEnd.Cancelled;

    /// <summary>How the last training ended, with the steps of all.</summary>
    public TrainingFinished Summary => _last with { Steps = _steps };

    /// <summary>Trains one network.</summary>
    /// <param name="start">Its weights.</param>
    /// <param name="mask">Zeros that stay, or null.</param>
    /// <param name="phase">What progress calls it.</param>
    /// <param name="rewindStep">Step whose weights are remembered, 0 for those at the start, or null when nobody goes back.</param>
    public TrainedTicket Train(Model start, SparsityMask? mask, string phase, int? rewindStep)
    {
        using var graph = new TorchGraph(start);
        using var zeros = mask is null ? null : new MaskAction(graph, mask);
        var memory = new RememberedWeights(graph, rewindStep ?? 0);
        IReadOnlyList<IStepAction> actions = zeros is null ? [memory] : [zeros, memory];
        var task = new TrainingTask(graph, samples, new ClassificationObjective(graph, samples.Labels, samples.Count), options)
        {
            Actions = actions,
            Phase = phase,
            Validation = settings.Validation,
            Progress = settings.Progress,
            Clock = settings.Clock,
        };
        using var run = new TrainingRun(task);
        _last = run.Execute(cancellation);
        _steps += _last.Steps;
        var score = IsOver ? 0 : new LabelScore().Of(graph, SampleShares.Of(task).HeldOut!, CancellationToken.None);
        return new TrainedTicket(graph.Export(), memory.Weights, score);
    }
}

/// <summary>A trained network.</summary>
/// <param name="Model">Its weights at the end.</param>
/// <param name="Rewound">Its weights at the step to go back to.</param>
/// <param name="Score">Its score in percent.</param>
internal sealed record TrainedTicket(Model Model, Model Rewound, double Score);
