using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Finds the sample file and the label file of a folder.</summary>
internal static class SampleFolder
{
    public static (string Samples, string? Labels) Find(string folder, SampleSplit split)
    {
        var files = Directory.EnumerateFiles(folder).Where(f => SampleSources.TryFormatOf(f) is not null).Order(StringComparer.Ordinal).ToList();
        var prefixes = split == SampleSplit.Train ? new[] { "train" } : ["t10k", "test"];
        var isSplit = files.Any(f => Part(f) is not null);
        var part = isSplit ? files.Where(f => prefixes.Contains(Part(f))).ToList() : files;
        var samples = part.Where(f => !IsLabels(f)).ToList();
        var labels = part.Where(IsLabels).ToList();
        return samples.Count switch
        {
            0 => throw new InputException(ErrorCode.NoSamples, $"The folder '{folder}' holds no sample file{(isSplit ? $" for the {split.ToString().ToLowerInvariant()} split" : "")}. Put an .npy, .npz, .csv or IDX file there."),
            1 when labels.Count <= 1 => (samples[0], labels.FirstOrDefault()),
            _ => throw new InputException(ErrorCode.InvalidSampleFile, $"The folder '{folder}' holds several that could be meant: {string.Join(", ", part.Select(Path.GetFileName))}. Name one file instead of the folder."),
        };
    }

    /// <summary>Whether a folder holds a part for training and one for tests.</summary>
    public static bool IsSplit(string folder)
    {
        var parts = Directory.EnumerateFiles(folder).Where(f => SampleSources.TryFormatOf(f) is not null && !IsLabels(f)).Select(Part).ToHashSet();
        return parts.Contains("train") && (parts.Contains("test") || parts.Contains("t10k"));
    }

    private static bool IsLabels(string path) => Path.GetFileName(path).Contains("label", StringComparison.OrdinalIgnoreCase);

    // The word before the first hyphen, underscore or dot, when it names a split.
    private static string? Part(string path)
    {
        var name = Path.GetFileName(path).ToLowerInvariant();
        var word = name[..name.IndexOfAny(['-', '_', '.'])];
        return word is "train" or "test" or "t10k" ? word : null;
    }
}
