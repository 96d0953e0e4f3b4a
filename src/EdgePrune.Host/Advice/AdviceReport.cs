namespace EdgePrune.Host;

/// <summary>Advice for a model, a target and a need, the most useful first, with the figures it rests on.</summary>
public sealed record AdviceReport
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }
    /// <summary>What the model should need less of.</summary>
    public required AdviceNeed Need { get; init; }
    /// <summary>The model's figures.</summary>
    public required ModelFigures Figures { get; init; }
    /// <summary>What a short trial on samples showed, or null when none was made.</summary>
    public ProbeResult? Probe { get; init; }
    /// <summary>The advice, the most useful first.</summary>
    public required IReadOnlyList<Advice> Advice { get; init; }
}
