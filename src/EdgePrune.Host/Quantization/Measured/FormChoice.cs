using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>A form of one model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelForm>))]
public enum ModelForm
{
    /// <summary>Everything in float.</summary>
    Float,
    /// <summary>int8 where counting says that it pays.</summary>
    Int8,
    /// <summary>int8 where measurements say that it pays.</summary>
    Replanned,
}

/// <summary>Which form of a model is the fastest on a machine, and how the others compare with float.</summary>
/// <param name="Fastest">The form to use.</param>
/// <param name="Int8">The int8 form against float, measured in turn.</param>
/// <param name="Rounds">The rounds of planning by measurements, in order; the last may have ended without a new form.</param>
public sealed record FormChoice(ModelForm Fastest, ComparisonReport Int8, IReadOnlyList<ReplanRound> Rounds)
{
    /// <summary>Number of the round, from 1, whose form is the fastest of those that were planned by measurements; null when there is none.</summary>
    public int? Round => Best(Rounds) is { } best ? best + 1 : null;

    /// <summary>The fastest of the re-planned int8 forms against float, or null when there is none but the other two.</summary>
    public ComparisonReport? Replanned => Best(Rounds) is { } best ? Rounds[best].Comparison : null;

    /// <summary>Why there is no re-planned form, or null.</summary>
    public string? NotReplanned => Round is null && Rounds is [.., var last] ? last.Ended : null;

    /// <summary>Latency of the fastest form over that of float; exactly 1 for float.</summary>
    public BoundedRatio Ratio => Fastest switch
    {
        ModelForm.Float => new BoundedRatio(1, 1, 1),
        ModelForm.Int8 => Int8.Ratio,
        _ => Replanned!.Ratio,
    };

    /// <summary>Chooses: the smallest ratio of all, and float when none is below 1.</summary>
    /// <param name="int8">The int8 form against float.</param>
    /// <param name="rounds">The rounds of planning by measurements.</param>
    /// <param name="allowsFloat">Whether float may take the place of int8.</param>
    public static FormChoice Of(ComparisonReport int8, IReadOnlyList<ReplanRound> rounds, bool allowsFloat)
    {
        var replanned = Best(rounds) is { } best ? rounds[best].Ratio : null;
        var isReplanned = replanned < int8.Ratio.Estimate;
        var ratio = isReplanned ? replanned : int8.Ratio.Estimate;
        return new FormChoice(allowsFloat && ratio > 1 ? ModelForm.Float : isReplanned ? ModelForm.Replanned : ModelForm.Int8, int8, rounds);
    }

    private static int? Best(IReadOnlyList<ReplanRound> rounds) =>
        Enumerable.Range(0, rounds.Count).Where(i => rounds[i].Ratio is not null).Select(i => (int?)i).MinBy(i => rounds[i!.Value].Ratio);
}
