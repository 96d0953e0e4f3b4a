using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Reads and writes prune plans as JSON that people can read, diff and replay.</summary>
public static class PlanFile
{
    /// <summary>Writes a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>The JSON; equal plans give equal text.</returns>
    public static string Print(PrunePlan plan) => JsonSerializer.Serialize(plan, HostJson.Default.PrunePlan) + "\n";

    /// <summary>Reads a plan and checks that it is sound in itself; whether it fits a model is checked when it is applied.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="InputException">
    /// <see cref="ErrorCode.InvalidOption"/> when the text is no plan, <see cref="ErrorCode.PlanMismatch"/> when it is of
    /// another format version or contradicts itself.
    /// </exception>
    public static PrunePlan Parse(string json, string source = "plan")
    {
        try
        {
            var plan = JsonSerializer.Deserialize(json, HostJson.Default.PrunePlan) ?? throw new JsonException("It is null.");
            return Faults(plan) is { Count: > 0 } faults
                ? throw new InputException(ErrorCode.PlanMismatch, $"The plan '{source}' cannot be applied: {string.Join(" ", faults)} Make it again with 'edgeprune plan'.")
                : plan;
        }
        catch (JsonException e)
        {
            throw new InputException(ErrorCode.InvalidOption, $"'{source}' is no prune plan: {e.Message} Make one with 'edgeprune plan'.", e);
        }
    }

    /// <summary>Reads a plan from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="InputException">The file is missing, or as <see cref="Parse"/> says.</exception>
    public static PrunePlan Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"The plan '{path}' cannot be read: {e.Message} Name a file that exists.", e);
        }
    }

    private static List<string> Faults(PrunePlan plan)
    {
        List<string> faults = [];
        if (plan.Format != 1)
        {
            faults.Add($"Its format is {plan.Format}, this program reads 1.");
        }

        if (!ManifestRules.IsDigest(plan.ModelSha256))
        {
            faults.Add("modelSha256 is no SHA-256 of 64 lower-case hexadecimal digits.");
        }

        if (plan.Rate is not (>= 0 and < 1))
        {
            faults.Add($"rate is {plan.Rate}; it must be at least 0 and below 1.");
        }

        faults.AddRange(plan.Groups.GroupBy(g => g?.Group).Where(g => g.Count() > 1).Select(g => $"Group '{g.Key}' is listed {g.Count()} times."));
        faults.AddRange(plan.Groups.Select(Fault).OfType<string>());
        if (plan.Trials?.Any(t => t is null) == true)
        {
            faults.Add("A trial is null.");
        }

        foreach (var (number, step) in (plan.Steps ?? []).Index())
        {
            faults.AddRange(step switch
            {
                null => [$"Step {number + 1} is null."],
                { Steps: not null } => [$"Step {number + 1} has steps of its own."],
                _ => Faults(step).Select(f => $"Step {number + 1}: {f}"),
            });
        }

        return plan.Steps is { Count: 0 } ? [.. faults, "It has an empty list of steps."] : faults;
    }

    private static string? Fault(GroupPlan? group) => group switch
    {
        null => "A group is null.",
        { Channels: < 1 } or { Quantum: < 1 } => $"Group '{group.Group}' has {group.Channels} channels and quantum {group.Quantum}; both must be at least 1.",
        _ when group.Remove.Any(c => c < 0 || c >= group.Channels) => $"Group '{group.Group}' removes a channel outside 0 to {group.Channels - 1}.",
        _ when group.Remove.Zip(group.Remove.Skip(1)).Any(p => p.First >= p.Second) => $"Group '{group.Group}' does not list its channels in ascending order, each once.",
        _ => null,
    };
}
