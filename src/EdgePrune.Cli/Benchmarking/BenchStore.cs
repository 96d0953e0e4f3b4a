using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Keeps each finished cell at once, so that a bench goes on where it stopped. What cannot be read is left alone and named.</summary>
internal sealed class BenchStore
{
    private const int MaxBytes = 16 << 20;

    private readonly Dictionary<string, ProfileReport> _cells = new(StringComparer.Ordinal);
    private readonly List<string> _ignored = [];
    private readonly string _folder;

    /// <summary>Opens a folder; it is made when something is written.</summary>
    /// <param name="folder">The folder of the bench.</param>
    public BenchStore(string folder)
    {
        _folder = Path.Combine(folder, "cells");
        string[] files = Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*.json") : [];
        foreach (var path in files.Order(StringComparer.Ordinal))
        {
            Read(path);
        }
    }

    /// <summary>Files that were left alone, and why.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>The report of a cell, or null.</summary>
    public ProfileReport? Find(string key) => _cells.GetValueOrDefault(key);

    /// <summary>Keeps a cell. A damaged file in its place stays, and the cell stands beside it.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.CannotWrite"/>.</exception>
    public void Keep(string key, ProfileReport report)
    {
        var path = Path.Combine(_folder, key + ".json");
        for (var next = 2; File.Exists(path); next++)
        {
            path = Path.Combine(_folder, $"{key}.{next}.json");
        }

        WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new StoredBenchCell(key, 1, report), BenchJson.Default.StoredBenchCell));
        _cells[key] = report;
    }

    private void Read(string path)
    {
        var name = Path.GetFileName(path);
        if (Parse(path, out var fault) is not { } stored)
        {
            _ignored.Add($"'{name}' is damaged and was left alone: {fault}");
        }
        else if (stored.Key != name.Split('.')[0])
        {
            _ignored.Add($"'{name}' holds the cell of another name and was left alone.");
        }
        else
        {
            _cells[stored.Key] = stored.Report;
        }
    }

    private static StoredBenchCell? Parse(string path, out string fault)
    {
        try
        {
            var length = new FileInfo(path).Length;
            var stored = length > MaxBytes ? null : JsonSerializer.Deserialize(File.ReadAllBytes(path), BenchJson.Default.StoredBenchCell);
            fault = length > MaxBytes ? $"it has {new ByteSize(length)}; a cell has at most {new ByteSize(MaxBytes)}." : FaultOf(stored) ?? "";
            return fault.Length == 0 ? stored : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException or InvalidOperationException or OverflowException or ArgumentException)
        {
            fault = e.Message;
            return null;
        }
    }

    // The reader lets null stand where lists hold records.
    private static string? FaultOf(StoredBenchCell? stored) => stored switch
    {
        null => "it is null.",
        { Format: not 1 } => $"its format is {stored.Format}, and this version reads format 1.",
        _ when stored.Report.Latency.P50.Estimate <= TimeSpan.Zero => "its median is not above 0.",
        _ when stored.Report.Windows.Any(w => w is null) || stored.Report.Verdict.Reasons.Any(r => r is null) => "a window or a reason is missing.",
        _ => null,
    };
}
