namespace EdgePrune.Host;

/// <summary>The last plan that a pipeline carried out and what came of it.</summary>
/// <param name="Key">What it rests on.</param>
/// <param name="Model">What came of it.</param>
internal sealed record CarriedPlan(CarriedPlanKey Key, PrunedModel Model)
{
    public static CarriedPlanKey KeyOf(PrunePlan plan, CompressionOptions options) =>
        new(string.Join(';', plan.Groups.Select(g => $"{g.Group}:{string.Join(',', g.Remove)}")), options.Repair, options.CalibrationSamples, options.Seed, options.Recovery);
}

/// <summary>What a pruned and recovered model rests on; its number format comes after.</summary>
/// <param name="Removed">Channels of each group that go.</param>
/// <param name="Repair">Whether it is repaired.</param>
/// <param name="Samples">Samples of the repair.</param>
/// <param name="Seed">Seed of their choice.</param>
/// <param name="Recovery">What follows the repair.</param>
internal sealed record CarriedPlanKey(string Removed, bool Repair, int Samples, int Seed, RecoveryChoice Recovery);
