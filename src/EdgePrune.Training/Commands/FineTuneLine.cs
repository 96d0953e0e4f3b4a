using System.Text.Json.Serialization;

namespace EdgePrune.Training;

/// <summary>One line of the training process; its <c>event</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ProgressLine), "progress")]
[JsonDerivedType(typeof(FinishedLine), "finished")]
[JsonDerivedType(typeof(FailedLine), "failed")]
internal abstract record FineTuneLine;

/// <summary>A step was done; not every step has a line.</summary>
internal sealed record ProgressLine(int Epoch, int Epochs, int Step, int Steps, double Loss, double LearningRate) : FineTuneLine;

/// <summary>The model was written.</summary>
internal sealed record FinishedLine(string Outcome, int Steps, IReadOnlyList<double> EpochLosses, string Model, string? Reason) : FineTuneLine;

/// <summary>Nothing was written.</summary>
internal sealed record FailedLine(int Code, string Message) : FineTuneLine;
