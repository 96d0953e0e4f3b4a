using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Channels that stay for one kind of reason: every reason with the operators it holds, and what the model's author could do.</summary>
/// <param name="Kind">The kind of reason.</param>
/// <param name="Channels">Output channels of weighted operators that stay for it.</param>
/// <param name="Remedy">What the author could do about it, or why nothing should be done.</param>
/// <param name="Reasons">The single reasons, the one that holds the most channels first.</param>
public sealed record PinExplanation(PinKind Kind, int Channels, string Remedy, IReadOnlyList<PinnedReason> Reasons)
{
    /// <summary>Explains all pins of a model, by kind, the kind that holds the most channels first.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <returns>One explanation for each kind.</returns>
    public static IReadOnlyList<PinExplanation> Of(ModelAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        return
        [
            .. analysis.Pins.GroupBy(p => p.Reason.Kind)
                .Select(k => new PinExplanation(k.Key, k.Sum(p => p.Pinned), PinRemedies.For(k.Key, k.Select(p => p.Reason)), ByText(k)))
                .OrderByDescending(k => k.Channels).ThenBy(k => k.Kind),
        ];
    }

    private static List<PinnedReason> ByText(IEnumerable<PinnedNode> pins) =>
    [
        .. pins.GroupBy(p => p.Reason)
            .Select(r => new PinnedReason(r.Key.Text, [.. r.Where(p => p.Node.Length > 0).Select(p => new PinnedOperator(p.Node, p.OperatorType, p.Pinned, p.Channels))]))
            .OrderByDescending(r => r.Operators.Sum(o => o.Pinned)),
    ];
}

/// <summary>One reason, with the operators whose channels it holds.</summary>
/// <param name="Text">The reason: one sentence that names the node.</param>
/// <param name="Operators">The operators; empty when the reason is no single one's.</param>
public sealed record PinnedReason(string Text, IReadOnlyList<PinnedOperator> Operators);

/// <summary>An operator whose channels stay.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Pinned">Output channels that stay for the reason.</param>
/// <param name="Channels">All its output channels.</param>
public sealed record PinnedOperator(string Name, string Type, int Pinned, int Channels)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type} '{Name}' ({(Pinned == Channels ? $"{Channels}" : $"{Pinned} of {Channels}")})";
}
