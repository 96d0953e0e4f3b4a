using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Compares two finished reports. Numbers of different machines, systems, runtimes or settings do not compare, so different
/// fingerprints are refused unless the caller insists.
/// </summary>
public static class ReportComparison
{
    /// <summary>The ratio of two medians, with the interval that their bounds allow.</summary>
    /// <param name="report">The new report.</param>
    /// <param name="baseline">The one to compare with.</param>
    /// <param name="acrossConditions">Compares even when the fingerprints differ.</param>
    /// <returns>The ratio of the medians; below 1 the new one is faster.</returns>
    /// <exception cref="InputException">The fingerprints differ and the caller does not insist, or one run is invalid.</exception>
    public static BoundedRatio Compare(ProfileReport report, ProfileReport baseline, bool acrossConditions)
    {
        if (!acrossConditions && report.Conditions.Fingerprint != baseline.Conditions.Fingerprint)
        {
            throw new InputException(
                ErrorCode.InvalidOption,
                $"The two reports do not compare: {Difference(report, baseline)}. Measure both the same way, or insist with --across-conditions.");
        }

        if (report.Verdict.Validity == RunValidity.Invalid || baseline.Verdict.Validity == RunValidity.Invalid)
        {
            throw new InputException(ErrorCode.InvalidOption, "One of the two reports is invalid by its own verdict; its numbers must not be used. Measure again.");
        }

        var (now, then) = (report.Latency.P50, baseline.Latency.P50);
        // Each bound fails in at most (1 - confidence) of the cases, so both hold together in at least 1 - 2 (1 - confidence).
        return new BoundedRatio(now.Estimate / then.Estimate, now.Lower / then.Upper, now.Upper / then.Lower);
    }

    private static string Difference(ProfileReport report, ProfileReport baseline)
    {
        var (now, then) = (report.Conditions, baseline.Conditions);
        (string Name, object? Now, object? Then)[] parts =
        [
            ("machine", now.Machine, then.Machine), ("processor", now.Processor, then.Processor), ("number of processors", now.Processors, then.Processors),
            ("system", now.System, then.System), ("firmware", now.Firmware, then.Firmware), ("governor", now.Governor, then.Governor),
            ("ONNX Runtime", now.OnnxRuntimeVersion, then.OnnxRuntimeVersion),
        ];
        string[] different =
        [
            .. parts.Where(p => !Equals(p.Now, p.Then)).Select(p => $"{p.Name} '{p.Now ?? "unknown"}' against '{p.Then ?? "unknown"}'"),
            .. Differences(report.Settings, baseline.Settings),
        ];
        return different.Length > 0 ? string.Join(", ", different) : "their fingerprints differ";
    }

    // By their names in a report; one that is left out there says that it is not used.
    private static IEnumerable<string> Differences(ProfileSettings now, ProfileSettings then)
    {
        var (after, before) = (Values(now), Values(then));
        return after.Keys.Union(before.Keys)
            .Select(name => (Name: name, Now: after.GetValueOrDefault(name, "none"), Then: before.GetValueOrDefault(name, "none")))
            .Where(s => s.Now != s.Then)
            .Select(s => $"setting {s.Name} '{s.Now}' against '{s.Then}'");
    }

    private static Dictionary<string, string> Values(ProfileSettings settings) =>
        JsonSerializer.SerializeToElement(settings, ContractsJson.Default.ProfileSettings).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText(), StringComparer.Ordinal);
}
