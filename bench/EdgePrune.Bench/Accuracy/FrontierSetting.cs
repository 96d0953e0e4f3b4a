using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>A way to compress, tried at every rate.</summary>
/// <param name="Name">Heading of its column.</param>
/// <param name="Criterion">Name of the criterion.</param>
/// <param name="Repair">Whether removed channels are predicted from kept ones.</param>
/// <param name="Precision">Number format.</param>
internal sealed record FrontierSetting(string Name, string Criterion, bool Repair, Precision Precision)
{
    /// <summary>Whether anything depends on the seed: random scores, or samples that are drawn.</summary>
    public bool IsRandom => Criterion != "l2" || Repair || Precision == Precision.Int8;

    public static IReadOnlyList<FrontierSetting> All(Precision precision) =>
    [
        new("l2", "l2", Repair: false, precision),
        new("l2, repaired", "l2", Repair: true, precision),
        new("obs", "obs", Repair: false, precision),
        new("obs, repaired", "obs", Repair: true, precision),
        new("random", "random", Repair: false, precision),
        new("random, repaired", "random", Repair: true, precision),
    ];
}
