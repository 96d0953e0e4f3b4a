using System.Globalization;
using System.Text.Json;

namespace EdgePrune.Contracts;

/// <summary>
/// Reads a budget that a person wrote: short, as <c>latency=50ms,memory=64MiB,file=10%,energy=2mJ,loss=0.5</c>, or as
/// the JSON of a budget file. <c>none</c> lifts a limit.
/// </summary>
public static class BudgetText
{
    private static readonly string[] Members = ["latency", "memory", "file", "energy", "loss"];

    /// <summary>Reads a budget from its short form, or from JSON when the text starts with <c>{</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The budget that what the text states is put over, such as the target's; null to start with no limit.</param>
    /// <returns>The budget; it is sound.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidBudget"/> when it cannot be read, <see cref="ErrorCode.ImpossibleBudget"/> when no model can meet it; the message lists every fault.</exception>
    public static Budget Parse(string text, Budget? start = null)
    {
        List<string> faults = [];
        var budget = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n').StartsWith('{')
            ? ReadJson(text.TrimStart('\uFEFF'), start ?? new Budget(), faults)
            : ReadShort(text, start ?? new Budget(), faults);
        var isRead = faults.Count == 0;
        faults.AddRange(budget.Validate());
        if (faults.Count == 0)
        {
            return budget;
        }

        var limits = new[] { budget.LatencyP95, budget.PeakMemory, budget.FileSize, budget.EnergyPerInference };
        var code = isRead && limits.Any(l => l is not null && !(l.Value > 0)) ? ErrorCode.ImpossibleBudget : ErrorCode.InvalidBudget;
        throw new InputException(code, $"The budget '{Shorten(text)}' has {faults.Count} fault(s): {string.Join(" ", faults)} Write it like 'latency=50ms,memory=64MiB,file=10%,energy=2mJ,loss=0.5'.");
    }

    /// <summary>Reads a budget file: JSON or the short form.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The budget that what the file states is put over; null to start with no limit.</param>
    /// <returns>The budget; it is sound.</returns>
    /// <exception cref="InputException">The file cannot be read, or the budget is wrong.</exception>
    public static Budget LoadFile(string path, Budget? start = null)
    {
        try
        {
            return Parse(File.ReadAllText(path).Trim(), start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"The budget file '{path}' cannot be read: {e.Message} Name a file that exists.", e);
        }
    }

    /// <summary>The short form of a budget, which <see cref="Parse"/> reads back.</summary>
    /// <param name="budget">The budget.</param>
    /// <returns>Such as <c>latency=50 ms,loss=1</c>.</returns>
    public static string Print(Budget budget)
    {
        var limits = new (string Name, Limit? Limit)[]
        {
            ("latency", budget.LatencyP95), ("memory", budget.PeakMemory), ("file", budget.FileSize), ("energy", budget.EnergyPerInference),
        };
        return string.Join(',', limits.Where(l => l.Limit is not null).Select(l => $"{l.Name}={l.Limit}")
            .Append(string.Create(CultureInfo.InvariantCulture, $"loss={budget.MaxAccuracyLoss}")));
    }

    private static Budget ReadShort(string text, Budget budget, List<string> faults)
    {
        HashSet<string> seen = [];
        foreach (var part in text.Split(','))
        {
            var separator = part.IndexOf('=', StringComparison.Ordinal);
            var name = (separator < 0 ? part : part[..separator]).Trim();
            var value = separator < 0 ? "" : part[(separator + 1)..].Trim();
            if (!Members.Contains(name))
            {
                var nearest = NearestName.Of(name, Members);
                faults.Add($"'{Shorten(part.Trim())}' states none of {string.Join(", ", Members)}{(nearest is null ? "" : $"; did you mean '{nearest}'?")}.");
            }
            else if (!seen.Add(name))
            {
                faults.Add($"'{name}' is stated twice.");
            }
            else
            {
                budget = Apply(budget, name, value, faults);
            }
        }

        return budget;
    }

    private static Budget Apply(Budget budget, string name, string value, List<string> faults) => name switch
    {
        "latency" => budget with { LatencyP95 = ReadLimit(name, value, "50ms", faults) },
        "memory" => budget with { PeakMemory = ReadLimit(name, value, "64MiB", faults) },
        "file" => budget with { FileSize = ReadLimit(name, value, "10%", faults) },
        "energy" => budget with { EnergyPerInference = ReadLimit(name, value, "2mJ", faults) },
        _ => budget with { MaxAccuracyLoss = ReadLoss(value, faults) },
    };

    private static Limit? ReadLimit(string name, string value, string example, List<string> faults)
    {
        if (value == "none")
        {
            return null;
        }

        if (!Limit.TryParse(value, out var limit))
        {
            faults.Add($"{name} is '{Shorten(value)}', which is no limit; write {name}={example} or {name}=none.");
        }

        return limit;
    }

    private static double ReadLoss(string value, List<string> faults)
    {
        var number = value.EndsWith('%') ? value[..^1].TrimEnd() : value;
        if (UnitNumber.TryParse(number, out var loss))
        {
            return loss;
        }

        faults.Add($"loss is '{Shorten(value)}', which is no number of points; write loss=0.5.");
        return 0;
    }

    private static Budget ReadJson(string text, Budget start, List<string> faults)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
            using var document = JsonDocument.Parse(text, options);
            faults.AddRange(UnknownMembers.Find(document.RootElement, ContractsJson.Default.Budget));
            var read = JsonSerializer.Deserialize(text, ContractsJson.Default.Budget) ?? throw new JsonException("It is null.");
            return Over(start, read, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            faults.Add(e.Message);
            return start;
        }
    }

    // A member that is stated wins, null included: it lifts the limit.
    private static Budget Over(Budget start, Budget read, JsonElement stated) => new()
    {
        LatencyP95 = stated.TryGetProperty("latencyP95", out _) ? read.LatencyP95 : start.LatencyP95,
        PeakMemory = stated.TryGetProperty("peakMemory", out _) ? read.PeakMemory : start.PeakMemory,
        FileSize = stated.TryGetProperty("fileSize", out _) ? read.FileSize : start.FileSize,
        EnergyPerInference = stated.TryGetProperty("energyPerInference", out _) ? read.EnergyPerInference : start.EnergyPerInference,
        MaxAccuracyLoss = stated.TryGetProperty("maxAccuracyLoss", out _) ? read.MaxAccuracyLoss : start.MaxAccuracyLoss,
    };

    private static string Shorten(string text) => text.Length <= 120 ? text : string.Concat(text.AsSpan(0, 120), "...");
}
