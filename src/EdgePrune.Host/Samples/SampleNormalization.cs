namespace EdgePrune.Host;

/// <summary>
/// How a sample's numbers came from the stored ones: number = stored * factor - offset. A model that takes bytes is fed the stored ones.
/// </summary>
/// <param name="ReadStored">Writes the stored numbers of a sample, in the order of the sample.</param>
/// <param name="Factors">One factor, or one for each channel; none is 0.</param>
/// <param name="Offsets">As many offsets.</param>
/// <param name="Axis">The sample's axis of channels, the batch not counted.</param>
public sealed record SampleNormalization(SampleReader ReadStored, IReadOnlyList<double> Factors, IReadOnlyList<double> Offsets, int Axis);
