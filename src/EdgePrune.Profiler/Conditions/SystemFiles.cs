namespace EdgePrune.Profiler;

/// <summary>Reads the small text files in which the kernel tells about itself, under a root that tests replace.</summary>
/// <param name="root">The folder that stands for <c>/</c>.</param>
internal sealed class SystemFiles(string root = "/")
{
    private const int MaxChars = 1 << 20;

    /// <summary>Text of a file without white space and NULs at its ends, or null when it cannot be read.</summary>
    public string? TryRead(string path)
    {
        try
        {
            using var reader = new StreamReader(Full(path));
            var buffer = new char[4096];
            var text = new System.Text.StringBuilder();
            for (int read; text.Length < MaxChars && (read = reader.Read(buffer)) > 0;)
            {
                text.Append(buffer, 0, read);
            }

            return text.ToString().Trim(' ', '\n', '\r', '\t', '\0');
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            // Not every kernel has every file; the report shows a missing value as missing.
            return null;
        }
    }

    /// <summary>Whole number in a file, or null.</summary>
    public long? TryReadNumber(string path) =>
        long.TryParse(TryRead(path), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A number that is read again and again, or null when there is no such file.</summary>
    public KernelNumber? TryOpenNumber(string path) => KernelNumber.TryOpen(Full(path));

    /// <summary>Whether there is such a folder.</summary>
    public bool FolderExists(string path) => Directory.Exists(Full(path));

    /// <summary>Folders in a folder whose name starts with a prefix, as paths under the root, in order.</summary>
    public IReadOnlyList<string> Folders(string path, string prefix)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Full(path), prefix + "*")
                .Select(found => $"{path}/{Path.GetFileName(found)}")
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string Full(string path) => Path.Combine(root, path.TrimStart('/'));
}
