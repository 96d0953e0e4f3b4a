using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>A model on which methods are compared.</summary>
internal sealed record RivalModel
{
    /// <summary>Name on the command line and in the results.</summary>
    public required string Name { get; init; }
    /// <summary>Heading of its tables.</summary>
    public required string Title { get; init; }
    /// <summary>Where model and samples are from.</summary>
    public required string Origin { get; init; }
    /// <summary>The model.</summary>
    public required Model Model { get; init; }
    /// <summary>Samples that repair may draw from; their labels are not looked at.</summary>
    public required ISampleSource Pool { get; init; }
    /// <summary>Samples drawn from the pool.</summary>
    public required int Draw { get; init; }
    /// <summary>Labelled samples that are scored, none of which is in the pool.</summary>
    public required ISampleSource Test { get; init; }
    /// <summary>Samples that the known accuracy of the original is of.</summary>
    public required ISampleSource Known { get; init; }
    /// <summary>Known accuracy of the original on <see cref="Known"/> in percent, or null when none is stated.</summary>
    public double? KnownAccuracy { get; init; }
    /// <summary>How far the accuracy may be from the known one, in points. <value>Default: 0.05.</value></summary>
    public double Tolerance { get; init; } = 0.05;
    /// <summary>What rates are shares of.</summary>
    public required RateUnit Unit { get; init; }
    /// <summary>Shares to remove.</summary>
    public required IReadOnlyList<double> Rates { get; init; }
}
