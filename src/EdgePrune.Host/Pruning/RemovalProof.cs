namespace EdgePrune.Host;

/// <summary>The check that a pruned model equals the original with the same channels zeroed at every contracting consumer.</summary>
/// <param name="MaxRelativeError">Largest difference of any output, relative to the output's largest absolute value.</param>
/// <param name="Tolerance">Largest difference allowed.</param>
/// <param name="Samples">Number of random inputs that were compared.</param>
public sealed record RemovalProof(double MaxRelativeError, double Tolerance, int Samples);
