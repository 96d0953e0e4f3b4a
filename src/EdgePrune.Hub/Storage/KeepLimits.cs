namespace EdgePrune.Hub;

/// <summary>How much of the past is kept for each device.</summary>
/// <param name="Events">Events.</param>
/// <param name="Runs">Measurements.</param>
internal sealed record KeepLimits(int Events, int Runs);
