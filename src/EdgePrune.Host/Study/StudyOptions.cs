namespace EdgePrune.Host;

/// <summary>The grid of a study, and how its models are made.</summary>
public sealed record StudyOptions
{
    /// <summary>Methods. The original is always there. <value>Default: unstructured and structured.</value></summary>
    public IReadOnlyList<StudyMethod> Methods { get; set; } = [StudyMethod.Unstructured, StudyMethod.Structured];

    /// <summary>Shares that go. <value>Default: 0.3, 0.5, 0.7, 0.9. Range: above 0, below 1.</value></summary>
    public IReadOnlyList<double> Rates { get; set; } = [0.3, 0.5, 0.7, 0.9];

    /// <summary>Epochs of fine-tuning. The untrained models, 0, are always there. <value>Default: 0, 1, 3. Range: 0 to 10000.</value></summary>
    public IReadOnlyList<int> Epochs { get; set; } = [0, 1, 3];

    /// <summary>Number formats. float32 is always there. <value>Default: float32 and int8.</value></summary>
    public IReadOnlyList<Precision> Precisions { get; set; } = [Precision.Float32, Precision.Int8];

    /// <summary>Seeds; figures of several are given as mean and standard deviation. <value>Default: 1.</value></summary>
    public IReadOnlyList<int> Seeds { get; set; } = [1];

    /// <summary>Criterion that ranks channels, see <see cref="CriterionRegistry"/>. <value>Default: auto.</value></summary>
    public string Criterion { get; set; } = CompressionOptions.AutomaticCriterion;

    /// <summary>Whether layers compete or each loses the same share; holds for weights and for channels. <value>Default: global.</value></summary>
    public PruningScope Scope { get; set; } = PruningScope.Global;

    /// <summary>Unlabelled samples for repair and calibration. <value>Default: 512.</value></summary>
    public int CalibrationSamples { get; set; } = 512;

    /// <summary>Whether int8 activations are signed, as ARM64 wants them. <value>Default: true.</value></summary>
    public bool SignedActivations { get; set; } = true;

    /// <summary>How models are fine-tuned; the numbers of epochs and the seeds are the grid's. With distillation the original is the teacher.</summary>
    public FineTuneRecipe Recipe { get; set; } = new() { Training = new TrainingOptions { Threads = 1 } };

    /// <summary>Points below the original that count as no loss when epochs are advised. <value>Default: 0.5. Range: 0 to 100.</value></summary>
    public double Tolerance { get; set; } = 0.5;

    /// <summary>The same grid, each axis once and in order, with what is always there.</summary>
    internal StudyOptions Complete() => this with
    {
        Methods = [.. Methods.Where(m => m != StudyMethod.Original).Distinct().Order()],
        Rates = [.. Rates.Distinct().Order()],
        Epochs = [.. Epochs.Append(0).Distinct().Order()],
        Precisions = [.. Precisions.Append(Precision.Float32).Distinct().Order()],
        Seeds = [.. Seeds.Distinct()],
    };

    /// <summary>All faults; empty when the options are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [.. Recipe.Validate()];
        Require(faults, Methods.Count > 0 && Methods.All(Enum.IsDefined), "methods names none, or one that is unknown; name unstructured, structured or both.");
        Require(faults, Rates.Count > 0 && Rates.All(r => r is > 0 and < 1), $"rates are {string.Join(", ", Rates)}; name at least one, each above 0 and below 1.");
        Require(faults, Epochs.All(e => e is >= 0 and <= 10_000), $"epochs are {string.Join(", ", Epochs)}; each must be 0 to 10000.");
        Require(faults, Precisions.All(Enum.IsDefined), $"precisions names one that is unknown; choose of {string.Join(", ", PrecisionTable.Names)}.");
        Require(faults, Seeds.Count > 0, "seeds names none; name at least one.");
        Require(faults, Scope is PruningScope.Global or PruningScope.PerLayer, $"scope is {Scope}; it must be global or per layer, which weights and channels both know.");
        Require(faults, CalibrationSamples >= 1, $"calibrationSamples is {CalibrationSamples}; it must be at least 1.");
        Require(faults, Tolerance is >= 0 and <= 100, $"tolerance is {Tolerance}; it must be 0 to 100.");
        return faults;
    }

    private static void Require(List<string> faults, bool sound, string fault)
    {
        if (!sound)
        {
            faults.Add(fault);
        }
    }
}
