using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// Versions that are counted in a file, such as <c>{"mnist-cnn": 12}</c>, so that they grow from one run of the tool to the
/// next. The file is replaced as a whole before a version is given out; a lock file keeps two programs from giving the same.
/// </summary>
/// <param name="path">The file; it is made when it does not exist.</param>
/// <param name="first">The lowest version to give out, such as one above what devices run already. Default: 1.</param>
public sealed class FileVersionSequence(string path, long first = 1) : IVersionSequence
{
    private const int MaxBytes = 1 << 20;

    private readonly Lock _lock = new();

    /// <inheritdoc/>
    /// <exception cref="InputException">The file is damaged, cannot be written, or is in use by another program.</exception>
    public long Next(string name)
    {
        lock (_lock)
        {
            using var alone = Claim();
            var versions = Read();
            versions[name] = Math.Max(first, versions.GetValueOrDefault(name) + 1);
            WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(versions, HostJson.Default.SortedDictionaryStringInt64));
            return versions[name];
        }
    }

    private FileStream Claim()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.CannotWrite, $"The version file '{path}' cannot be claimed: {e.Message} If another EdgePrune is packing, try again when it is done.", e);
        }
    }

    private SortedDictionary<string, long> Read()
    {
        if (!File.Exists(path))
        {
            return new SortedDictionary<string, long>(StringComparer.Ordinal);
        }

        try
        {
            using var file = File.OpenRead(path);
            var read = file.Length <= MaxBytes
                ? JsonSerializer.Deserialize(file, HostJson.Default.SortedDictionaryStringInt64)
                : throw new JsonException($"It has {file.Length} bytes, at most {MaxBytes} are expected.");
            return read is not null && read.Values.All(v => v is >= 0 and < long.MaxValue)
                ? new SortedDictionary<string, long>(read, StringComparer.Ordinal)
                : throw new JsonException("It holds something that is no version.");
        }
        catch (JsonException e)
        {
            // Starting again from 1 would make bundles that every device refuses.
            throw new InputException(ErrorCode.InvalidOption, $"The version file '{path}' is damaged: {e.Message} Correct it, or delete it and state a first version above what devices run.", e);
        }
    }
}
