namespace EdgePrune.Host;

/// <summary>What there is to know of a precision.</summary>
public sealed record PrecisionForm
{
    /// <summary>The precision.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Its name on the command line and in reports.</summary>
    public required string Name { get; init; }

    /// <summary>What a model of it is stored in, to end a sentence such as "the rest is stored in".</summary>
    public required string StoredIn { get; init; }

    /// <summary>What makes it of a float model without samples, or null where nothing does.</summary>
    public IPrecisionConversion? Conversion { get; init; }

    /// <summary>Whether <see cref="StaticQuantizer"/> makes it, which needs samples. <value>Default: false.</value></summary>
    public bool NeedsSamples { get; init; }

    /// <summary>The precision in <c>targets/*.json</c> by whose rules channel counts are rounded: what its products are computed in.</summary>
    internal string Quanta { get; init; } = "float32";

    /// <summary>Its style in plots.</summary>
    internal string Style { get; init; } = "s1";

    /// <summary>Whether a search tries it without being asked to.</summary>
    internal Func<PrecisionFacts, bool> Suits { get; init; } = _ => true;
}
