using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What the training process is asked to do: one JSON object on its standard input. <c>verb</c> says which.</summary>
/// <param name="Model">The <c>.onnx</c> file to start from; never changed.</param>
/// <param name="Samples">What is learnt from.</param>
/// <param name="Output">The file to write; it is replaced whole.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "verb")]
[JsonDerivedType(typeof(FineTuneRequest), "finetune")]
[JsonDerivedType(typeof(SparseTrainingRequest), "train")]
[JsonDerivedType(typeof(LotteryRequest), "lottery")]
[JsonDerivedType(typeof(GradientRequest), "gradients")]
public abstract record TrainingRequest(string Model, SampleReference Samples, string Output)
{
    /// <summary>File in which the state of training is kept so that an interrupted run goes on from there bit for bit, or null. <value>Default: null.</value></summary>
    public string? Checkpoint { get; set; }

    /// <summary>Samples that the score after each epoch is taken on, or null for a share of <see cref="Samples"/>, or none. <value>Default: null.</value></summary>
    public SampleReference? Validation { get; set; }
}

/// <summary>Train a model further. <see cref="TrainingRequest.Output"/> is the model.</summary>
/// <param name="Model">The <c>.onnx</c> file to start from.</param>
/// <param name="Samples">What is learnt from.</param>
/// <param name="Output">The model to write.</param>
/// <param name="Recipe">How.</param>
public sealed record FineTuneRequest(string Model, SampleReference Samples, string Output, FineTuneRecipe Recipe) : TrainingRequest(Model, Samples, Output)
{
    /// <summary>The model to learn from, for distillation. <value>Default: null.</value></summary>
    public string? Teacher { get; set; }

    /// <summary>A file of <see cref="SparsityMask"/> whose zeros stay zero, or null. <value>Default: null.</value></summary>
    public string? Mask { get; set; }
}

/// <summary>Train a model so that a share of it can go, and remove that. <see cref="TrainingRequest.Output"/> is the smaller model.</summary>
/// <param name="Model">The <c>.onnx</c> file to start from.</param>
/// <param name="Samples">What is learnt from.</param>
/// <param name="Output">The model to write.</param>
/// <param name="Recipe">How.</param>
public sealed record SparseTrainingRequest(string Model, SampleReference Samples, string Output, SparseTrainingRecipe Recipe) : TrainingRequest(Model, Samples, Output);

/// <summary>Look for a lottery ticket. <see cref="TrainingRequest.Output"/> is the JSON of a <see cref="LotteryReport"/>.</summary>
/// <param name="Model">The <c>.onnx</c> file whose structure is trained.</param>
/// <param name="Samples">What is learnt from.</param>
/// <param name="Output">The report to write.</param>
/// <param name="Recipe">How.</param>
public sealed record LotteryRequest(string Model, SampleReference Samples, string Output, LotteryRecipe Recipe) : TrainingRequest(Model, Samples, Output)
{
    /// <summary>Where the ticket of the last round is written as a model, or null. <value>Default: null.</value></summary>
    public string? Ticket { get; set; }
}

/// <summary>Measure gradients. <see cref="TrainingRequest.Output"/> is the JSON of <see cref="GradientScores"/>.</summary>
/// <param name="Model">The normalised model, as a <see cref="ModelAnalysis"/> has it.</param>
/// <param name="Samples">What is looked at.</param>
/// <param name="Output">The scores to write.</param>
/// <param name="Recipe">How.</param>
/// <param name="Grouping">Choices that the groups rest on.</param>
public sealed record GradientRequest(string Model, SampleReference Samples, string Output, GradientRecipe Recipe, GroupingOptions Grouping) : TrainingRequest(Model, Samples, Output);
