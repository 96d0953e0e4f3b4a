namespace EdgePrune.TestKit;

/// <summary>Larger models and samples that are not in the repository; tests that need them skip without.</summary>
public static class DevelopmentData
{
    /// <summary>The reason a test gives when it skips.</summary>
    public const string MissingReason = "EDGEPRUNE_DEV_DATA does not name a folder with development data.";

    /// <summary>The folder that the environment variable EDGEPRUNE_DEV_DATA names, or null.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("EDGEPRUNE_DEV_DATA") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;

    /// <summary>All ONNX files of the folder, sorted; none when there is no folder.</summary>
    public static IReadOnlyList<string> Models { get; } = Folder is null ? [] : [.. Directory.EnumerateFiles(Folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
