using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Reads and writes plan files.</summary>
internal static class PlanFiles
{
    private const int MaxBytes = 256 << 20;

    /// <summary>Reads a plan.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file is missing or no plan.</exception>
    public static PrunePlan Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MaxBytes)
        {
            throw new InputException(ErrorCode.FileNotFound, file.Exists
                ? $"The plan '{path}' has {new ByteSize(file.Length)}; plans have at most {new ByteSize(MaxBytes)}. Name a plan."
                : $"The plan '{path}' does not exist. Make one with 'edgeprune plan'.");
        }

        try
        {
            var plan = JsonSerializer.Deserialize(File.ReadAllBytes(path), HostJson.Default.PrunePlan);
            return plan is { Format: 1, Groups: not null } && IsWhole(plan) && plan.Steps?.All(s => s is { Steps: null } && IsWhole(s)) != false
                ? plan
                : throw new JsonException("It has another format version, or lacks its groups.");
        }
        catch (JsonException e)
        {
            throw new InputException(ErrorCode.PlanMismatch, $"'{path}' is no plan: {e.Message} Make one with 'edgeprune plan'.", e);
        }
    }

    private static bool IsWhole(PrunePlan plan) => plan.Groups?.All(g => g is { Group: not null, Remove: not null }) == true;

    /// <summary>Writes a plan.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="plan">The plan.</param>
    public static void Write(string path, PrunePlan plan) =>
        WholeFile.Write(path, JsonSerializer.Serialize(plan, HostJson.Default.PrunePlan) + "\n");
}
