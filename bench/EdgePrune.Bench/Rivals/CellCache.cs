using System.Security.Cryptography;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>
/// Finished cells on disk, so that a run that was stopped goes on where it was. Cells belong to the product's sources: a
/// changed product finds none. Each line ends with a mark, so that a line cut short is told apart.
/// </summary>
internal sealed class CellCache
{
    private const string End = ",#";
    private static readonly string[] Projects = ["EdgePrune.Contracts", "EdgePrune.Onnx", "EdgePrune.Host"];
    private readonly Dictionary<(string, double, string, int), RivalCell> _cells = [];
    private readonly string _path;

    /// <param name="folder">The folder of the caches.</param>
    /// <param name="fresh">Whether cells that are there are dropped, as after a change of this program.</param>
    public CellCache(string folder, bool fresh)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, $"rivals-{Product()}.csv");
        if (fresh)
        {
            File.Delete(_path);
        }

        foreach (var cell in Lines(_path).Where(l => l.EndsWith(End, StringComparison.Ordinal)).Select(l => RivalCell.TryParse(l[..^End.Length])).OfType<RivalCell>())
        {
            _cells[Key(cell.Model, cell.Rate, cell.Method, cell.Seed)] = cell;
        }
    }

    public RivalCell? Find(string model, double rate, string method, int seed) => _cells.GetValueOrDefault(Key(model, rate, method, seed));

    public void Add(RivalCell cell)
    {
        _cells[Key(cell.Model, cell.Rate, cell.Method, cell.Seed)] = cell;

        // The line before may have been cut short.
        File.AppendAllText(_path, $"\n{cell.Line}{End}\n");
    }

    private static IEnumerable<string> Lines(string path) => File.Exists(path) ? File.ReadLines(path) : [];

    private static (string, double, string, int) Key(string model, double rate, string method, int seed) => (model, Math.Round(rate, 6), method, seed);

    // Sources and not assemblies: those carry the commit, which changes without them.
    private static string Product()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Projects.SelectMany(p => Directory.EnumerateFiles(RepositoryFiles.Find($"src/{p}"), "*.cs", SearchOption.AllDirectories)).Order(StringComparer.Ordinal))
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
