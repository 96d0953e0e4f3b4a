namespace EdgePrune.Profiler.Tests;

/// <summary>A folder that stands for the root of a system and disappears with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgeprune-test-").FullName;

    public SystemFiles Files => new(Path);

    public void Write(string path, string text)
    {
        var full = System.IO.Path.Combine(Path, path.TrimStart('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public string WriteModel(byte[] model)
    {
        var full = System.IO.Path.Combine(Path, "model.onnx");
        File.WriteAllBytes(full, model);
        return full;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
