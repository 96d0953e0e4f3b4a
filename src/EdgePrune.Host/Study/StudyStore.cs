using System.Security.Cryptography;
using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Keeps each finished cell at once, as a small JSON file with its model beside it, so that a study goes on where it stopped. What
/// cannot be read, or belongs to another model, is left alone and named.
/// </summary>
internal sealed class StudyStore
{
    private const int MaxBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StudyCell> _cells = new(StringComparer.Ordinal);
    private readonly List<string> _ignored = [];
    private readonly string _folder;
    private readonly string _model;

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder; it is made when something is written.</param>
    /// <param name="model">SHA-256 of the model that is studied.</param>
    public StudyStore(string folder, string model)
    {
        (_folder, _model) = (folder, model);
        var cells = Path.Combine(folder, "cells");
        string[] files = Directory.Exists(cells) ? Directory.GetFiles(cells, "*.json") : [];
        foreach (var path in files.Order(StringComparer.Ordinal))
        {
            Read(path);
        }
    }

    /// <summary>Files that were ignored, and why.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>The cell of a name, or null.</summary>
    public StudyCell? Find(string key)
    {
        lock (_lock)
        {
            return _cells.GetValueOrDefault(key);
        }
    }

    /// <summary>Keeps a finished cell with its model, and the zeros that a later training keeps.</summary>
    public void Keep(string key, StudyCell cell, ReadOnlyMemory<byte> model, SparsityMask? mask)
    {
        WholeFile.Write(PathOfModel(key), model);
        if (mask is not null)
        {
            WholeFile.Write(PathOfMask(key), SparsityMaskFile.Print(mask));
        }

        // Last, for its being there says that all is.
        WholeFile.Write(PathOf("cells", key, ".json"), JsonSerializer.SerializeToUtf8Bytes(new StoredCell(key, _model, cell), StudyJson.Default.StoredCell));
        lock (_lock)
        {
            _cells[key] = cell;
        }
    }

    /// <summary>File of a cell's model.</summary>
    public string PathOfModel(string key) => PathOf("models", key, ".onnx");

    /// <summary>A kept model with its zeros, or null when it is not what was kept; it is made again then.</summary>
    public StudyModel? Load(string key, bool isMasked)
    {
        if (!HasModel(key) || (isMasked && !File.Exists(PathOfMask(key))))
        {
            return null;
        }

        try
        {
            return new StudyModel(OnnxFile.Read(PathOfModel(key)), isMasked ? SparsityMaskFile.Load(PathOfMask(key)) : null);
        }
        catch (EdgePruneException)
        {
            // Making it again gives what the files should have held.
            return null;
        }
    }

    /// <summary>Whether the model of a cell is still there as it was written.</summary>
    public bool HasModel(string key) => Find(key)?.Figures is { } figures && File.Exists(PathOfModel(key)) && Digest(PathOfModel(key)) == figures.ModelSha256;

    /// <summary>A measured time, or null.</summary>
    public StudyTime? FindTime(string key) => Parse(PathOf("times", key, ".json"), bytes => JsonSerializer.Deserialize(bytes, HostJson.Default.StudyTime));

    /// <summary>Keeps a measured time.</summary>
    public void KeepTime(string key, StudyTime time) =>
        WholeFile.Write(PathOf("times", key, ".json"), JsonSerializer.SerializeToUtf8Bytes(time, HostJson.Default.StudyTime));

    private void Read(string path)
    {
        var stored = Parse(path, bytes => JsonSerializer.Deserialize(bytes, StudyJson.Default.StoredCell));
        var name = Path.GetFileName(path);
        if (stored is not { Format: 1, Cell: { Case: not null, Figures: { } figures } } || stored.Key + ".json" != name || !IsSound(figures))
        {
            _ignored.Add($"'{name}' is damaged and is measured again.");
        }
        else if (stored.Model != _model)
        {
            _ignored.Add($"'{name}' belongs to another model and is left alone.");
        }
        else
        {
            _cells[stored.Key] = stored.Cell;
        }
    }

    private static bool IsSound(StudyFigures figures) =>
        double.IsFinite(figures.Score) && figures is { Samples: >= 0, FileBytes: > 0, CompressedBytes: > 0, Parameters: >= 0, NonZero: >= 0 } && figures.NonZero <= figures.Parameters
        && figures.ModelSha256 is { Length: 64 };

    private static T? Parse<T>(string path, Func<byte[], T?> parse)
        where T : class
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= MaxBytes ? parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string PathOfMask(string key) => PathOf("models", key, ".mask.json");

    private string PathOf(string kind, string key, string end) => Path.Combine(_folder, kind, key + end);
}

/// <summary>A cell as a file.</summary>
/// <param name="Key">Name of the file, from all that the cell depends on.</param>
/// <param name="Model">SHA-256 of the model that is studied.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Format">Version of the format: 1.</param>
internal sealed record StoredCell(string Key, string Model, StudyCell Cell, int Format = 1);

/// <summary>A model of a study.</summary>
/// <param name="Model">The model.</param>
/// <param name="Mask">Zeros that training keeps, or null.</param>
/// <param name="Note">Why training ended before its last epoch, or null.</param>
internal sealed record StudyModel(Model Model, SparsityMask? Mask, string? Note = null);
