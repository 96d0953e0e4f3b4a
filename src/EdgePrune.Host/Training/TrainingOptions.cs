using System.Text.Json.Serialization;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>How gradients become steps.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrainingOptimizer>))]
public enum TrainingOptimizer
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
    AdamW,
    /// <summary>Stochastic gradient descent with momentum 0.9.</summary>
    Sgd,
}

/// <summary>How the learning rate falls.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LearningSchedule>))]
public enum LearningSchedule
{
    /// <summary>To 0 along half a cosine over all steps (Loshchilov and Hutter, 2017).</summary>
    Cosine,
    /// <summary>By <see cref="TrainingOptions.StepFactor"/> after each epoch.</summary>
    Step,
    /// <summary>It stays.</summary>
    Constant,
}

/// <summary>How weights learn from samples; shared by fine-tuning, training with pruning, and the lottery ticket.</summary>
public sealed record TrainingOptions
{
    /// <summary>Times that every sample is seen. <value>Default: 1. Range: 1 to 10000.</value></summary>
    public int Epochs { get; set; } = 1;

    /// <summary>Learning rate of the first step, or null for one that suits the model, see <see cref="For"/>. <value>Default: null. Range: above 0 to 1e30.</value></summary>
    public double? LearningRate { get; set; }

    /// <summary>How the learning rate falls. <value>Default: cosine.</value></summary>
    public LearningSchedule Schedule { get; set; } = LearningSchedule.Cosine;

    /// <summary>Factor of the learning rate after each epoch, for <see cref="LearningSchedule.Step"/>. <value>Default: 0.5. Range: above 0 to 1.</value></summary>
    public double StepFactor { get; set; } = 0.5;

    /// <summary>Samples a step. <value>Default: 64. Models with a fixed batch of one are run for each sample, with the same result.</value></summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>Optimizer. <value>Default: AdamW.</value></summary>
    public TrainingOptimizer Optimizer { get; set; } = TrainingOptimizer.AdamW;

    /// <summary>Weight decay of matrices and kernels; biases and scales have none. <value>Default: 1e-4. Range: 0 and above.</value></summary>
    public double WeightDecay { get; set; } = 1e-4;

    /// <summary>Share of the samples that is held out to watch the score after each epoch. <value>Default: 0, none. Range: 0 to 0.5.</value></summary>
    public double ValidationShare { get; set; }

    /// <summary>Epochs without a better validation score after which training stops and the best weights are taken. <value>Default: 0, never. Needs <see cref="ValidationShare"/>.</value></summary>
    public int Patience { get; set; }

    /// <summary>Whether batch normalization uses and updates the statistics of each batch instead of the stored ones. <value>Default: false.</value></summary>
    public bool LiveStatistics { get; set; }

    /// <summary>What is done to samples before they are learnt from. <value>Default: nothing.</value></summary>
    public Augmentation Augmentation { get; set; } = new();

    /// <summary>Seed of the order of samples, of augmentation and of first weights. <value>Default: 1.</value></summary>
    public int Seed { get; set; } = 1;

    /// <summary>Threads. <value>Default: 0, one for each core. With 1, the same seed gives the same bytes on the same machine.</value></summary>
    public int Threads { get; set; }

    /// <summary>
    /// These options with a learning rate for a model, unless one is named: 2e-3 over the square root of the number of layers with weights (for SGD ten times that), times
    /// the square root of how many times more parameters the original has, at most 10 times.
    /// </summary>
    /// <remarks>
    /// A step of Adam should be as large as the inverse of a layer's width (Yang et al., Tensor Programs V, 2022), and parameters grow with the
    /// square of widths; changes of all layers add up, so that deeper models take smaller steps (Yang et al., Tensor Programs VI, 2024). On the sample's
    /// prunings the best rates are 5 and 10 times those of the original at 15,705 and 3,868 parameters of 421,642; a pruned ResNet-20 without batch
    /// normalization learns at 3e-4 and falls apart at 1.2e-3.
    /// </remarks>
    /// <param name="model">The model to train.</param>
    /// <param name="original">The model it was cut out of, or null when that is not known.</param>
    /// <returns>Options whose learning rate is named.</returns>
    public TrainingOptions For(Model model, Model? original)
    {
        var layers = Math.Max(1, model.Graph.Nodes.Count(n => n.Inputs.Any(i => i?.Constant is { Rank: > 1 } weight && weight.ElementType.IsFloat())));
        var narrowing = original is null ? 1 : Math.Sqrt((double)original.ParameterCount / Math.Max(1, model.ParameterCount));
        var first = Optimizer == TrainingOptimizer.AdamW ? 2e-3 : 2e-2;
        return this with { LearningRate = LearningRate ?? (first / Math.Sqrt(layers) * Math.Clamp(narrowing, 1, 10)) };
    }

    /// <summary>All faults; empty when the options are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Require(faults, Epochs is >= 1 and <= 10_000, $"epochs is {Epochs}; it must be 1 to 10000.");
        Require(faults, LearningRate is null or (> 0 and <= 1e30), $"learningRate is {LearningRate}; it must be above 0 and at most 1e30.");
        Require(faults, StepFactor is > 0 and <= 1, $"stepFactor is {StepFactor}; it must be above 0 and at most 1.");
        Require(faults, BatchSize is >= 1 and <= 65_536, $"batchSize is {BatchSize}; it must be 1 to 65536.");
        Require(faults, Enum.IsDefined(Optimizer), $"optimizer is {Optimizer}; it must be AdamW or Sgd.");
        Require(faults, Enum.IsDefined(Schedule), $"schedule is {Schedule}; it must be Cosine, Step or Constant.");
        Require(faults, double.IsFinite(WeightDecay) && WeightDecay >= 0, $"weightDecay is {WeightDecay}; it must be 0 or a number above.");
        Require(faults, ValidationShare is >= 0 and <= 0.5, $"validationShare is {ValidationShare}; it must be 0 to 0.5.");
        Require(faults, Patience == 0 || (Patience > 0 && ValidationShare > 0), $"patience is {Patience}; it must be 0, or above 0 with a validationShare above 0.");
        Require(faults, Threads is >= 0 and <= 1024, $"threads is {Threads}; it must be 0 to 1024.");
        return [.. faults, .. Augmentation.Validate()];
    }

    private static void Require(List<string> faults, bool sound, string fault)
    {
        if (!sound)
        {
            faults.Add(fault);
        }
    }
}
