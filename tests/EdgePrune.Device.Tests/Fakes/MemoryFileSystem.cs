namespace EdgePrune.Device.Tests;

/// <summary>
/// A disk in memory that knows which names and bytes were flushed, and loses the rest when its power is cut. The cut
/// comes at the n-th changing operation: a write is half done, any other is not done.
/// </summary>
internal sealed class MemoryFileSystem : IFileSystem
{
    private Dictionary<string, Node> _names = [];
    private Dictionary<string, Node> _flushedNames = [];
    private bool _isOff;

    /// <summary>Changing operations until the cut; 0 for never.</summary>
    public int CutAfter { get; set; }

    /// <summary>Free bytes; writing more fails as a full disk does.</summary>
    public long Free { get; set; } = 1L << 30;

    /// <summary>What <see cref="FreeBytes"/> claims; null for the truth.</summary>
    public long? ClaimedFree { get; set; }

    /// <summary>All paths, for assertions.</summary>
    public IReadOnlyCollection<string> Paths => _names.Keys;

    public byte[] Read(string path) => [.. _names[path].Bytes];

    public void Damage(string path) => _names[path].Bytes[^(_names[path].Bytes.Count / 2)] ^= 0x40;

    public void Truncate(string path, int length) => _names[path].Bytes.RemoveRange(length, _names[path].Bytes.Count - length);

    /// <summary>Switches on again after a cut.</summary>
    public void Restart(CutKind kind)
    {
        _isOff = false;
        CutAfter = 0;
        if (kind == CutKind.ProcessKilled)
        {
            return;
        }

        if (kind == CutKind.OnlyFlushed)
        {
            _names = new(_flushedNames);
        }

        foreach (var node in _names.Values)
        {
            node.Bytes = [.. node.Flushed];
        }
    }

    public bool Exists(string path) => On(_names).ContainsKey(path);

    public long Length(string path) => On(_names).TryGetValue(path, out var node) ? node.Bytes.Count : 0;

    public IReadOnlyList<string> List(string folder) =>
        [.. On(_names).Keys.Where(p => Path.GetDirectoryName(p) == folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    public Stream OpenRead(string path) =>
        On(_names).TryGetValue(path, out var node) ? new MemoryStream([.. node.Bytes]) : throw new FileNotFoundException(path);

    public Stream Create(string path)
    {
        Step();
        var node = AppendTo(path);
        node.Node.Bytes.Clear();
        return node;
    }

    public Stream Append(string path)
    {
        Step();
        return AppendTo(path);
    }

    public void Flush(Stream stream)
    {
        Step();
        var node = ((Writer)stream).Node;
        node.Flushed = [.. node.Bytes];
    }

    public void Move(string from, string to)
    {
        Step();
        _names.Remove(from, out var node);
        _names[to] = node ?? throw new FileNotFoundException(from);
    }

    public void Delete(string path)
    {
        Step();
        _names.Remove(path);
    }

    public void CreateFolder(string folder) => On(_names);

    public void FlushFolder(string folder)
    {
        Step();
        foreach (var gone in _flushedNames.Keys.Where(p => Path.GetDirectoryName(p) == folder && !_names.ContainsKey(p)).ToList())
        {
            _flushedNames.Remove(gone);
        }

        foreach (var (path, node) in _names.Where(p => Path.GetDirectoryName(p.Key) == folder))
        {
            _flushedNames[path] = node;
        }
    }

    public long FreeBytes(string folder) => ClaimedFree ?? Free;

    private Writer AppendTo(string path)
    {
        if (!_names.TryGetValue(path, out var node))
        {
            _names[path] = node = new Node();
        }

        return new Writer(this, node);
    }

    private T On<T>(T value) => _isOff ? throw new PowerCutException() : value;

    private void Step()
    {
        On(true);
        if (CutAfter > 0 && --CutAfter == 0)
        {
            _isOff = true;
            throw new PowerCutException();
        }
    }

    private void Write(Node node, ReadOnlySpan<byte> bytes)
    {
        try
        {
            Step();
        }
        catch (PowerCutException)
        {
            node.Bytes.AddRange(bytes[..(bytes.Length / 2)]);
            throw;
        }

        Free -= bytes.Length;
        if (Free < 0)
        {
            Free = 0;
            throw new IOException("No space left on device", 28);
        }

        node.Bytes.AddRange(bytes);
    }

    private sealed class Node
    {
        public List<byte> Bytes { get; set; } = [];
        public List<byte> Flushed { get; set; } = [];
    }

    private sealed class Writer(MemoryFileSystem disk, Node node) : MemoryStream
    {
        public Node Node => node;

        public override void Write(ReadOnlySpan<byte> buffer) => disk.Write(node, buffer);

        public override void Write(byte[] buffer, int offset, int count) => disk.Write(node, buffer.AsSpan(offset, count));
    }
}
