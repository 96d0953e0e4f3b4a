using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Reads a report that <c>profile --json</c> wrote.</summary>
internal static class ProfileReportFile
{
    private const int MaxBytes = 16 << 20;

    /// <summary>Reads a report.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is missing, too long, or no report.</exception>
    public static ProfileReport Read(string path)
    {
        var file = new FileInfo(path);
        return !file.Exists || file.Length > MaxBytes
            ? throw new InputException(ErrorCode.FileNotFound, file.Exists
                ? $"The report '{path}' has {new ByteSize(file.Length)}; reports have at most {new ByteSize(MaxBytes)}. Name a report."
                : $"The report '{path}' does not exist. Make one with 'edgeprune profile model.onnx --json > {path}'.")
            : Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Parses a report.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="path">Its name, for the error.</param>
    /// <exception cref="InputException">It is no report.</exception>
    public static ProfileReport Parse(byte[] json, string path)
    {
        try
        {
            return RequireSound(JsonSerializer.Deserialize(json, ContractsJson.Default.ProfileReport), $"'{path}'");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or FormatException)
        {
            throw Refusal($"'{path}'", e.Message, e);
        }
    }

    /// <summary>Requires what a comparison needs of a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="name">What it is called, for the error.</param>
    /// <exception cref="InputException">It lacks something.</exception>
    public static ProfileReport RequireSound(ProfileReport? report, string name) =>
        report is { Latency.P50: not null, Conditions.Fingerprint: not null, Verdict.Reasons: not null } && report.Latency.P50.Estimate > TimeSpan.Zero
            ? report
            : throw Refusal(name, "It lacks its median, its conditions or its verdict.", inner: null);

    private static InputException Refusal(string name, string reason, Exception? inner) =>
        new(ErrorCode.InvalidOption, $"{name} is no report: {reason} Make one with 'edgeprune profile model.onnx --json'.", inner);
}
