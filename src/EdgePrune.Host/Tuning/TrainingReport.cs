namespace EdgePrune.Host;

/// <summary>What training after the repair did.</summary>
/// <param name="Kind">What was learnt from.</param>
/// <param name="Kept">Whether the trained model is no worse on held-out samples and was kept.</param>
/// <param name="Metric">What decides: <c>accuracy, percent</c>, higher is better, or <c>divergence from the original</c>, lower is better.</param>
/// <param name="Before">The metric before training, on held-out samples.</param>
/// <param name="After">The same after training.</param>
/// <param name="HeldOut">Samples the decision rests on.</param>
public sealed record TrainingReport(RecoveryKind Kind, bool Kept, string Metric, double Before, double After, int HeldOut)
{
    /// <summary>How training ended.</summary>
    public TrainingEnd End { get; init; } = TrainingEnd.Completed;
    /// <summary>Steps whose learning is in the trained model.</summary>
    public int Steps { get; init; }
    /// <summary>Every epoch that was run to its end, with its loss and score.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs { get; init; } = [];
    /// <summary>Why it ended early, or null.</summary>
    public string? Reason { get; init; }
    /// <summary>What else is worth knowing, such as how much was compared with the teacher, or null.</summary>
    public string? Note { get; init; }
}
