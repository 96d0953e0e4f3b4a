using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>One line of the training process's standard output; its <c>event</c> says which. Any number of progress and epoch lines, then one finished or failed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(TrainingProgress), "progress")]
[JsonDerivedType(typeof(TrainingEpoch), "epoch")]
[JsonDerivedType(typeof(TrainingFinished), "finished")]
[JsonDerivedType(typeof(TrainingFailed), "failed")]
public abstract record TrainingLine;

/// <summary>Where training is; not every step has a line.</summary>
/// <param name="Phase">What is done, such as <c>fine-tuning</c> or <c>round 2 of 5</c>.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">All epochs of the phase.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">All steps of the phase.</param>
/// <param name="Loss">Loss of the step's batch.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="SecondsLeft">Estimate of the time left, or null before there is one.</param>
public sealed record TrainingProgress(string Phase, int Epoch, int Epochs, int Step, int Steps, double Loss, double LearningRate, double? SecondsLeft) : TrainingLine;

/// <summary>An epoch is over.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">Mean loss over its samples.</param>
/// <param name="Score">Accuracy in percent on the validation samples (without labels: agreement with the teacher), or null when there are none.</param>
public sealed record TrainingEpoch(int Epoch, double Loss, double? Score) : TrainingLine;

/// <summary>How training ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrainingEnd>))]
public enum TrainingEnd
{
    /// <summary>All epochs were run.</summary>
    Completed,
    /// <summary>The validation score did not get better any more; the best weights were taken.</summary>
    StoppedEarly,
    /// <summary>The loss was no number; the last weights that gave one were kept.</summary>
    Diverged,
    /// <summary>It was cancelled; the weights learnt until then were kept.</summary>
    Cancelled,
}

/// <summary>The output was written.</summary>
/// <param name="End">How training ended.</param>
/// <param name="Steps">Steps whose learning is in the output.</param>
/// <param name="Epochs">Every epoch that was run to its end.</param>
/// <param name="Output">The file.</param>
/// <param name="Reason">Why it ended early, where, and what to do; null when it completed.</param>
public sealed record TrainingFinished(TrainingEnd End, int Steps, IReadOnlyList<TrainingEpoch> Epochs, string Output, string? Reason) : TrainingLine
{
    /// <summary>What else is worth knowing, such as how much was compared with the teacher. <value>Default: null.</value></summary>
    public string? Note { get; set; }
}

/// <summary>Nothing was written.</summary>
/// <param name="Code">Number of the error.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record TrainingFailed(int Code, string Message) : TrainingLine;
