using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>How the search ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TuningOutcome>))]
public enum TuningOutcome
{
    /// <summary>The lowest rate that meets the budget was found.</summary>
    Converged,
    /// <summary>No candidate meets the budget; the nearest miss is named.</summary>
    Infeasible,
    /// <summary>The allowed device runs were used up before the search was done; the best so far is named.</summary>
    OutOfRuns,
}

/// <summary>What the tuning loop did and found.</summary>
public sealed record TuningReport
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>Name of the device the trials ran on.</summary>
    public required string DeviceName { get; init; }
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }
    /// <summary>The budget as stated.</summary>
    public required Budget Budget { get; init; }
    /// <summary>What the score is, such as <c>top-1 accuracy, percent</c>.</summary>
    public required string Metric { get; init; }
    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }
    /// <summary>The original, measured on the same device.</summary>
    public required Trial Original { get; init; }
    /// <summary>The candidates in the order they were tried.</summary>
    public required IReadOnlyList<Trial> Trials { get; init; }
    /// <summary>How the search ended.</summary>
    public required TuningOutcome Outcome { get; init; }
    /// <summary>Number of the trial that is active on the device: the best that meets the budget, else the nearest miss; null when nothing ran.</summary>
    public int? Picked { get; init; }
    /// <summary>Precisions that were to be tried and would change nothing in the model.</summary>
    public IReadOnlyList<LeftOutPrecision> LeftOut { get; set; } = [];
    /// <summary>Runs on the device, the original's included.</summary>
    public required int DeviceRuns { get; init; }
    /// <summary>Channels that cannot be pruned, and why, one line for each reason.</summary>
    public IReadOnlyList<string> Pins { get; set; } = [];
    /// <summary>Time of the whole search in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The picked trial, or null.</summary>
    [JsonIgnore]
    public Trial? PickedTrial => Trials.FirstOrDefault(t => t.Index == Picked);
}
