using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What a model's output loses when each of its groups alone is pruned, at several rates: measured, then made monotone.</summary>
public sealed record SensitivityCurves
{
    /// <summary>Format version. <value>Default: 1.</value></summary>
    public int Format { get; set; } = 1;
    /// <summary>Name of the graph, for people.</summary>
    public required string Model { get; init; }
    /// <summary>SHA-256 of the normalised model's bytes.</summary>
    public required string ModelSha256 { get; init; }
    /// <summary>Name of the criterion that ranked the channels.</summary>
    public required string Criterion { get; init; }
    /// <summary>What the scores are, such as <c>top-1 accuracy, percent</c>.</summary>
    public required string Metric { get; init; }
    /// <summary>Score of the original in points.</summary>
    public required double OriginalScore { get; init; }
    /// <summary>Samples each point rests on.</summary>
    public required int Samples { get; init; }
    /// <summary>One curve for each group, in the model's order.</summary>
    public required IReadOnlyList<GroupSensitivity> Groups { get; init; }

    /// <summary>Predicted output error when a group alone has this width; groups that were not measured are taken to lose all.</summary>
    internal double Loss(GroupSlot slot, int width)
    {
        var rate = 1 - ((double)width / slot.Original);
        return Groups.FirstOrDefault(g => g.Group == slot.Group.Name) is { } curve ? curve.Predict(rate) : rate * slot.Original;
    }

    /// <summary>The same measurements, counted otherwise.</summary>
    internal SensitivityCurves Reshaped(Func<double, double> shape) => this with
    {
        Groups = [.. Groups.Select(g => new GroupSensitivity(g.Group, g.Channels, [.. g.Points.Select(p => p with { FittedError = shape(p.FittedError) })]))],
    };

    /// <summary>Requires that the curves are of this model.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.PlanMismatch"/>.</exception>
    internal void RequireFit(ModelAnalysis analysis)
    {
        if (ModelSha256 != analysis.Sha256)
        {
            throw new InputException(ErrorCode.PlanMismatch, $"The sensitivity of '{Model}' was measured on another model than '{analysis.Model.Name}'. Measure it again with 'edgeprune sensitivity'.");
        }
    }
}

/// <summary>One measured point.</summary>
/// <param name="Rate">Share of the group's channels that went.</param>
/// <param name="Removed">Channels that went.</param>
/// <param name="Error">Squared difference of the outputs over the squares of the original's, after repair.</param>
/// <param name="Score">Score in points: accuracy with labels, else agreement with the original.</param>
/// <param name="FittedError">The error after monotone regression.</param>
/// <param name="FittedScore">The score after monotone regression.</param>
public sealed record SensitivityPoint(double Rate, int Removed, double Error, double Score, double FittedError = 0, double FittedScore = 0);
