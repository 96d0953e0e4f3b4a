using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What advice is asked for.</summary>
public sealed record AdviceRequest
{
    /// <summary>The device the model is for.</summary>
    public required Target Target { get; init; }

    /// <summary>What the model should need less of. <value>Default: latency.</value></summary>
    public AdviceNeed Need { get; init; } = AdviceNeed.Latency;

    /// <summary>Whether there are samples as the model will see them. <value>Default: false.</value></summary>
    public bool HasSamples { get; init; }

    /// <summary>Whether the samples have labels. <value>Default: false.</value></summary>
    public bool HasLabels { get; init; }

    /// <summary>Bytes of the model's file as it is, or null for those of the normalised model. <value>Default: null.</value></summary>
    public long? FileBytes { get; init; }

    /// <summary>What commands call the model. <value>Default: model.onnx.</value></summary>
    public string ModelFile { get; init; } = "model.onnx";

    /// <summary>What commands call the samples. <value>Default: samples/.</value></summary>
    public string DataFile { get; init; } = "samples/";

    /// <summary>What a short trial on samples showed, or null when none was made. <value>Default: null.</value></summary>
    public ProbeResult? Probe { get; init; }

    /// <summary>What a study of this model measured, or null when there is none; its rows come in the place of predictions. <value>Default: null.</value></summary>
    public StudyReport? Study { get; init; }
}
