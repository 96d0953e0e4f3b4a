using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Host;

/// <summary>What a study works with.</summary>
public sealed record StudyInputs
{
    /// <summary>The model as it was loaded; not changed.</summary>
    public required Model Model { get; init; }

    /// <summary>Samples for repair, calibration and training; their labels are not looked at here.</summary>
    public required ISampleSource Fitted { get; init; }

    /// <summary>Says how good each model is. It is asked for one model at a time.</summary>
    public required IEvaluator Evaluator { get; init; }

    /// <summary>The samples that the evaluator looks at, or null when it has its own. <value>Default: null.</value></summary>
    public ISampleSource? Scored { get; init; }

    /// <summary>The evaluator's own command, or null. <value>Default: null.</value></summary>
    public string? Command { get; init; }

    /// <summary>Trains models, several at the same time; null when no cell is trained. <value>Default: null.</value></summary>
    public ITrainer? Trainer { get; init; }

    /// <summary>Measures how long inferences take, after all training; null leaves times out. <value>Default: null.</value></summary>
    public IModelProfiler? Profiler { get; init; }

    /// <summary>How times are measured. <value>Default: the profiler's settings, without operator times.</value></summary>
    public ProfileSettings Timing { get; init; } = new() { PerOperator = false };

    /// <summary>How many models are trained at the same time. <value>Default: 1.</value></summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Folder in which finished cells and their models are kept.</summary>
    public required string Folder { get; init; }

    /// <summary>Clock of the time left. <value>Default: the system's.</value></summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
