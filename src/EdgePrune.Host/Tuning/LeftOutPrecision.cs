namespace EdgePrune.Host;

/// <summary>A precision that a search does not try.</summary>
/// <param name="Precision">The precision.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record LeftOutPrecision(Precision Precision, string Reason);
