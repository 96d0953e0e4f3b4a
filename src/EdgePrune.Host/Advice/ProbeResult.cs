namespace EdgePrune.Host;

/// <summary>What a short trial on a few samples showed. It is measured, but on few samples: a hint, no evaluation.</summary>
/// <param name="Samples">Samples that statistics and calibration saw.</param>
/// <param name="Scored">Other samples that agreement was taken on.</param>
/// <param name="Points">One point for each rate, ascending; empty when nothing can be pruned.</param>
/// <param name="Int8">The model in int8, or null when it was not tried.</param>
public sealed record ProbeResult(int Samples, int Scored, IReadOnlyList<ProbePoint> Points, Int8Probe? Int8)
{
    /// <summary>The model in each of the other precisions that suit it. <value>Default: none.</value></summary>
    public IReadOnlyList<PrecisionProbe> Precisions { get; init; } = [];

    /// <summary>Agreement with the original, in percent, below which a rate counts as harmful.</summary>
    public const double HarmlessAgreement = 98;

    /// <summary>The highest tried rate up to which all agree with the original; null when none does.</summary>
    public double? HarmlessRate => Points.TakeWhile(p => p.Agreement >= HarmlessAgreement).LastOrDefault()?.Rate;
}

/// <summary>The model at one rate, repaired, nothing trained.</summary>
/// <param name="Rate">Share of the channels removed, ranked over the whole model by <c>obs</c>.</param>
/// <param name="OutputError">Squared difference of the outputs over their squares, on held-out samples.</param>
/// <param name="Agreement">Score against the original in percent: equal decisions, or likeness of outputs.</param>
/// <param name="MacShare">Operations against the original's.</param>
public sealed record ProbePoint(double Rate, double OutputError, double Agreement, double MacShare);

/// <summary>The model in int8, not pruned.</summary>
/// <param name="Agreement">Score against the original in percent.</param>
/// <param name="IntegerNodes">Integer kernels in the graph that ONNX Runtime optimised.</param>
/// <param name="FloatNodes">Weighted operators left in float there.</param>
public sealed record Int8Probe(double Agreement, int IntegerNodes, int FloatNodes);

/// <summary>The model in another precision, not pruned.</summary>
/// <param name="Precision">The precision.</param>
/// <param name="Agreement">Score against the original in percent.</param>
/// <param name="FileBytes">Bytes of its file.</param>
public sealed record PrecisionProbe(Precision Precision, double Agreement, long FileBytes)
{
    /// <summary>Whether it agrees with the original as far as counts.</summary>
    internal bool IsHarmless => Agreement >= ProbeResult.HarmlessAgreement;
}
