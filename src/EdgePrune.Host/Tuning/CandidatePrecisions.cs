using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>The precisions that a search tries: those asked for, or those that suit the model and the target, without those that would change nothing.</summary>
/// <param name="Tried">Precisions that are tried at each rate.</param>
/// <param name="LeftOut">Precisions that are not, and why.</param>
internal sealed record CandidatePrecisions(IReadOnlyList<Precision> Tried, IReadOnlyList<LeftOutPrecision> LeftOut)
{
    // Layers of one kind are left for one reason; two tell enough.
    private const int ShownReasons = 2;

    /// <summary>Chooses them: each conversion is tried on the original, before any device is.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: none that was asked for changes anything.</exception>
    public static CandidatePrecisions Choose(ModelAnalysis analysis, TuningOptions options, CancellationToken cancellationToken)
    {
        var asked = options.Precisions.Count > 0 ? options.Precisions.Distinct() : PrecisionTable.Suiting(analysis, options.Compression.Target);
        List<Precision> tried = [];
        List<LeftOutPrecision> leftOut = [];
        foreach (var precision in asked)
        {
            if (PrecisionTable.Of(precision).Conversion?.Convert(analysis.Model, cancellationToken).Report is { IsEmpty: true } report)
            {
                leftOut.Add(new LeftOutPrecision(precision, Reason(report)));
            }
            else
            {
                tried.Add(precision);
            }
        }

        return tried.Count > 0
            ? new CandidatePrecisions(tried, leftOut)
            : throw new InputException(ErrorCode.InvalidOption, $"No precision that was asked for changes the model. {string.Join(" ", leftOut.Select(l => $"{PrecisionTable.Of(l.Precision).Name}: {l.Reason}"))} Add float32 or int8.");
    }

    private static string Reason(ConversionReport report)
    {
        var reasons = report.Nodes.DistinctBy(n => n.Reason).Take(ShownReasons).Select(n => $"'{n.Node}' ({n.OperatorType}): {n.Reason}").ToList();
        return reasons.Count == 0 ? "It would change nothing: no node has weights of a size that counts." : $"It would change nothing. {string.Join(" ", reasons)}";
    }
}
