using System.IO.Compression;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// Samples that NumPy wrote: one array in a <c>.npy</c> file, or one array for each input of the model in a <c>.npz</c>
/// file, named like the inputs; the first axis counts the samples. Labels may stand in the same <c>.npz</c> file as
/// <c>labels</c> or <c>y</c>.
/// </summary>
public sealed class NpySampleSource : ISampleSource
{
    private static readonly string[] LabelNames = ["labels", "y"];

    private NpySampleSource(IReadOnlyList<(string? Name, SampleArray Array)> arrays, IReadOnlyList<int>? labels, Preprocessing preprocessing)
    {
        Count = arrays[0].Array.Count;
        Inputs = [.. arrays.Select(a => PreprocessedInput.Of(a.Array, preprocessing, a.Name))];
        Labels = SampleLabels.RequireCount(labels, Count, arrays[0].Array.Source);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SampleInput> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int>? Labels { get; }

    /// <summary>Opens a <c>.npy</c> or <c>.npz</c> file; which one is seen from its first bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labelsPath">A file with one class for each sample, or null for those in the <c>.npz</c> file, or none.</param>
    /// <param name="preprocessing">How the numbers become the model's input, or null to take them as they are; only for files with one array.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="InputException">A file is missing, damaged or empty, or arrays and labels differ in their number of samples.</exception>
    public static NpySampleSource Open(string path, string? labelsPath = null, Preprocessing? preprocessing = null)
    {
        var labels = labelsPath is null ? null : LabelFile.Read(labelsPath);
        if (!IsZip(path))
        {
            var array = SampleFile.Open(path, s => NpyHeader.Read(s, $"'{path}'"));
            SampleSources.RequireSome(array.Count, array.Source);
            return new NpySampleSource([(null, array)], labels, preprocessing ?? new Preprocessing());
        }

        var arrays = ReadZip(path);
        var own = LabelNames.Select(n => arrays.FirstOrDefault(a => a.Name == n)).FirstOrDefault(a => a.Name is not null && arrays.Count > 1);
        arrays.RemoveAll(a => own.Name is not null && a.Name == own.Name);
        RequireConsistent(path, arrays, preprocessing);
        return new NpySampleSource(
            arrays.Count == 1 ? [(null, arrays[0].Array)] : [.. arrays.Select(a => ((string?)a.Name, a.Array))],
            labels ?? (own.Name is null ? null : own.Array.ToLabels()),
            preprocessing ?? new Preprocessing());
    }

    private static List<(string Name, SampleArray Array)> ReadZip(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            return [.. zip.Entries.Where(e => e.FullName.EndsWith(".npy", StringComparison.Ordinal)).Select(e => ReadEntry(path, e))];
        }
        catch (InvalidDataException e)
        {
            throw SampleFile.Invalid($"'{path}'", $"it is no sound .npz file: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"'{path}' cannot be read: {e.Message} Name a file that exists.", e);
        }
    }

    private static (string Name, SampleArray Array) ReadEntry(string path, ZipArchiveEntry entry)
    {
        var source = $"'{path}' ({entry.FullName})";
        using var stream = entry.Open();
        return (entry.FullName[..^4], SampleFile.ReadToEnd(stream, source, s => NpyHeader.Read(s, source)));
    }

    private static void RequireConsistent(string path, List<(string Name, SampleArray Array)> arrays, Preprocessing? preprocessing)
    {
        SampleSources.RequireSome(arrays.Count == 0 ? 0 : arrays[0].Array.Count, $"'{path}'");
        if (arrays.FirstOrDefault(a => a.Array.Count != arrays[0].Array.Count) is { Name: { } name } odd)
        {
            throw SampleFile.Invalid($"'{path}'", $"array '{arrays[0].Name}' holds {arrays[0].Array.Count} samples, but '{name}' holds {odd.Array.Count}");
        }

        if (arrays.Count > 1 && preprocessing is not null && preprocessing != new Preprocessing())
        {
            throw new InputException(ErrorCode.InvalidOption, $"'{path}' holds {arrays.Count} arrays ({string.Join(", ", arrays.Select(a => a.Name))}), and one preprocessing cannot fit them all. Store them as the model takes them and leave the preprocessing out.");
        }
    }

    private static bool IsZip(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> magic = stackalloc byte[2];
            return file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic.SequenceEqual("PK"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"'{path}' cannot be read: {e.Message} Name a file that exists.", e);
        }
    }
}
