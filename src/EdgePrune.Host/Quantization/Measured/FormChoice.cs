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
/// <param name="Replanned">The re-planned int8 form against float, or null when it is one of the other two, or there is none.</param>
public sealed record FormChoice(ModelForm Fastest, ComparisonReport Int8, ComparisonReport? Replanned)
{
    /// <summary>Why there is no re-planned form, or null.</summary>
    public string? NotReplanned { get; init; }

    /// <summary>Latency of the fastest form over that of float; exactly 1 for float.</summary>
    public BoundedRatio Ratio => Fastest switch
    {
        ModelForm.Float => new BoundedRatio(1, 1, 1),
        ModelForm.Int8 => Int8.Ratio,
        _ => Replanned!.Ratio,
    };

    /// <summary>Chooses: the smaller ratio of the two, and float when neither is below 1.</summary>
    /// <param name="int8">The int8 form against float.</param>
    /// <param name="replanned">The re-planned form against float, or null.</param>
    /// <param name="allowsFloat">Whether float may take the place of int8.</param>
    public static FormChoice Of(ComparisonReport int8, ComparisonReport? replanned, bool allowsFloat)
    {
        var isReplanned = replanned is not null && replanned.Ratio.Estimate < int8.Ratio.Estimate;
        var best = isReplanned ? replanned! : int8;
        return new FormChoice(allowsFloat && best.Ratio.Estimate > 1 ? ModelForm.Float : isReplanned ? ModelForm.Replanned : ModelForm.Int8, int8, replanned);
    }
}
