using System.Text.Json;

namespace EdgePrune.Contracts;

/// <summary>The targets that are known, by name, and the reader of target files.</summary>
public sealed class TargetCatalog
{
    /// <summary>Name of the target that stands for the machine the tool runs on.</summary>
    public const string ThisMachine = "this-machine";

    private const int MaxFileBytes = 1024 * 1024;

    /// <summary>Makes a catalog of targets.</summary>
    /// <param name="targets">The targets; names are unique.</param>
    /// <exception cref="InputException">Two targets have the same name.</exception>
    public TargetCatalog(IReadOnlyList<Target> targets)
    {
        Targets = [.. targets.OrderBy(t => t.Name, StringComparer.Ordinal)];
        if (Targets.GroupBy(t => t.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InputException(ErrorCode.InvalidTarget, $"{twice.Count()} targets have the name '{twice.Key}'. Rename all but one.");
        }
    }

    /// <summary>The targets in the order of their names.</summary>
    public IReadOnlyList<Target> Targets { get; }

    /// <summary>The catalog that stands beside the program, in its <c>targets</c> folder.</summary>
    /// <returns>The catalog.</returns>
    /// <exception cref="InputException">The folder is missing or a file in it is wrong.</exception>
    public static TargetCatalog Default() => Load(Path.Combine(AppContext.BaseDirectory, "targets"));

    /// <summary>Reads every <c>*.json</c> file of a folder, schemas (<c>*.schema.json</c>) excepted.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The catalog.</returns>
    /// <exception cref="InputException">The folder is missing, a file is wrong, or a file is not named after its target.</exception>
    public static TargetCatalog Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException(ErrorCode.FileNotFound, $"The folder of targets '{folder}' does not exist. Name a folder that holds target files (*.json).");
        }

        var files = Directory.EnumerateFiles(folder, "*.json").Where(f => !f.EndsWith(".schema.json", StringComparison.Ordinal));
        return new TargetCatalog([.. files.Order(StringComparer.Ordinal).Select(LoadNamedFile)]);
    }

    /// <summary>Reads one target file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The target.</returns>
    /// <exception cref="InputException">The file is missing, cannot be read or is wrong; the message lists every fault.</exception>
    public static Target LoadFile(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaxFileBytes } file
                ? throw new InputException(ErrorCode.InvalidTarget, $"Target file '{path}' has {file.Length} bytes; at most {MaxFileBytes} are allowed. Name a target file.")
                : Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"Target file '{path}' cannot be read: {e.Message} Name a file that exists, or a target that 'edgeprune' knows.", e);
        }
    }

    /// <summary>Reads a target from JSON. Members that are not known are faults: in a file that a person writes they are misspellings.</summary>
    /// <param name="json">UTF-8 JSON, with or without a byte order mark.</param>
    /// <param name="where">Where it comes from, for the message.</param>
    /// <returns>The target; it is sound.</returns>
    /// <exception cref="InputException">It is no target; the message lists every fault.</exception>
    public static Target Parse(ReadOnlySpan<byte> json, string where)
    {
        List<string> faults = [];
        var target = Read(json, faults);
        faults.AddRange(target?.Validate() ?? []);
        return faults.Count == 0 && target is not null
            ? target
            : throw new InputException(ErrorCode.InvalidTarget, $"Target '{where}' has {faults.Count} fault(s): {string.Join(" ", faults)} Correct the file; targets/target.schema.json describes it.");
    }

    /// <summary>The target of a name, or of a file when the text ends in <c>.json</c>.</summary>
    /// <param name="name">The name or path.</param>
    /// <returns>The target.</returns>
    /// <exception cref="InputException">No target has the name (the message names the nearest and all known ones), or the file is wrong.</exception>
    public Target Find(string name)
    {
        if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return LoadFile(name);
        }

        return Targets.FirstOrDefault(t => t.Name == name) ?? throw Unknown(name);
    }

    private InputException Unknown(string name)
    {
        var known = Targets.Select(t => t.Name).ToList();
        var nearest = NearestName.Of(name, known);
        return new InputException(ErrorCode.UnknownTarget,
            $"No target is called '{name}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} Known targets: {string.Join(", ", known)}. Name one of them, or a path to a target file (*.json).");
    }

    private static Target LoadNamedFile(string path)
    {
        var target = LoadFile(path);
        return Path.GetFileNameWithoutExtension(path) == target.Name
            ? target
            : throw new InputException(ErrorCode.InvalidTarget, $"Target file '{path}' holds the target '{target.Name}'. Rename the file to '{target.Name}.json'.");
    }

    private static Target? Read(ReadOnlySpan<byte> json, List<string> faults)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
            var text = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
            using var document = JsonDocument.Parse(text.ToArray(), options);
            faults.AddRange(UnknownMembers.Find(document.RootElement, ContractsJson.Default.Target));
            return JsonSerializer.Deserialize(text, ContractsJson.Default.Target) ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            faults.Add(e.Message);
            return null;
        }
    }
}
