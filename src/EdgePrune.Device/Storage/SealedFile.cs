using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgePrune.Device;

/// <summary>
/// A small JSON file with a checksum over its content, <c>{"sha256":"...","content":{...}}</c>, so that a bit that an
/// SD card lost is noticed instead of believed.
/// </summary>
/// <typeparam name="T">Type of the content.</typeparam>
/// <param name="files">The disk.</param>
/// <param name="path">The file.</param>
/// <param name="type">Source-generated metadata of the content.</param>
internal sealed class SealedFile<T>(IFileSystem files, string path, JsonTypeInfo<T> type)
    where T : class
{
    // Far above every record the agent writes; a larger file is damaged.
    private const long MaxBytes = 16L * 1024 * 1024;

    /// <summary>Gives the file new content, durably.</summary>
    /// <param name="content">The content.</param>
    public void Write(T content)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(content, type);
        var head = Encoding.ASCII.GetBytes($"{{\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(json))}\",\"content\":");
        DurableFile.Replace(files, path, [.. head, .. json, .. "}\n"u8]);
    }

    /// <summary>Deletes the file, durably.</summary>
    public void Delete() => DurableFile.Delete(files, path);

    /// <summary>Reads the file.</summary>
    /// <param name="content">The content; null when the file does not exist or is damaged.</param>
    /// <returns>False when the file exists but is damaged.</returns>
    public bool TryRead(out T? content)
    {
        content = null;
        if (!files.Exists(path))
        {
            return true;
        }

        if (files.Length(path) > MaxBytes)
        {
            return false;
        }

        try
        {
            using var stream = files.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            content = Open(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IOException)
        {
            // A sector that cannot be read is damage too; the caller falls back instead of starting over and over.
            return false;
        }

        return content is not null;
    }

    private T? Open(JsonElement root)
    {
        var json = Encoding.UTF8.GetBytes(root.GetProperty("content").GetRawText());
        var sum = root.GetProperty("sha256").GetString();
        return sum == Convert.ToHexStringLower(SHA256.HashData(json)) ? JsonSerializer.Deserialize(json, type) : null;
    }
}
