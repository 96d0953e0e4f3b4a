namespace EdgePrune.Host;

/// <summary>One piece of advice: what to do, why, and what it is predicted to bring.</summary>
public sealed record Advice
{
    /// <summary>Name of the rule that gave it; set by <see cref="Advisor"/>.</summary>
    public string Rule { get; init; } = "";

    /// <summary>What to do, in a sentence or two.</summary>
    public required string Text { get; init; }

    /// <summary>Why, from the model's own figures where they speak.</summary>
    public required string Reason { get; init; }

    /// <summary>What it is predicted to bring, or null where nothing can be computed.</summary>
    public Prediction? Effect { get; init; }

    /// <summary>A command to start from, or null when no verb does it.</summary>
    public string? Command { get; init; }

    /// <summary>How much it is worth for the need. Range: 0 to 1; what reduces the need's figure has the share that it saves.</summary>
    public required double Usefulness { get; init; }
}

/// <summary>A computed effect. It is no measurement: only the device decides.</summary>
/// <param name="Text">The effect in words.</param>
/// <param name="Ratio">The need's figure after against before, 1 for no change, or null when it is another figure.</param>
/// <param name="Basis">How it was computed.</param>
public sealed record Prediction(string Text, double? Ratio, string Basis);
