namespace EndToEnd.Tests;

/// <summary>A folder of one test, deleted with it.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("edgeprune-e2e-").FullName;

    public string this[params string[] names] => Path.Combine([_path, .. names]);

    public IEnumerable<string> Files(string folder) => Directory.Exists(this[folder])
        ? Directory.EnumerateFiles(this[folder]).Select(Path.GetFileName).Order(StringComparer.Ordinal)!
        : [];

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
