using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>
/// Checkpoints as files: eight bytes of magic with the version, the state in little-endian order, and the SHA-256 of all before. A file
/// is written whole, and nothing of it is used before its checksum is right.
/// </summary>
internal static class CheckpointFile
{
    private const int HashSize = 32;

    private static readonly byte[] Magic = "EPTRAIN1"u8.ToArray();

    /// <exception cref="InputException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, TrainingCheckpoint checkpoint) => WholeFile.Write(path, stream =>
    {
        using var sha = SHA256.Create();
        using (var hashed = new CryptoStream(stream, sha, CryptoStreamMode.Write, leaveOpen: true))
        using (var writer = new BinaryWriter(hashed, Encoding.UTF8))
        {
            writer.Write(Magic);
            Write(writer, checkpoint);
        }

        stream.Write(sha.Hash!);
    });

    /// <exception cref="InputException"><see cref="ErrorCode.InvalidCheckpoint"/>: it is no checkpoint, of another version, cut off or damaged.</exception>
    public static TrainingCheckpoint Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            RequireWhole(stream, path);
            stream.Position = Magic.Length;
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            return Read(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw Refused(path, $"cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static void RequireWhole(FileStream stream, string path)
    {
        var magic = new byte[Magic.Length];
        if (stream.Length < Magic.Length + HashSize || stream.ReadAtLeast(magic, magic.Length) != magic.Length || !magic.AsSpan().SequenceEqual(Magic))
        {
            throw Refused(path, "is no checkpoint of this version, or is cut off");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(magic);
        var buffer = new byte[1 << 16];
        for (var left = stream.Length - Magic.Length - HashSize; left > 0;)
        {
            var count = stream.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)), 1);
            hash.AppendData(buffer, 0, count);
            left -= count;
        }

        var stored = new byte[HashSize];
        stream.ReadExactly(stored);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(stored))
        {
            throw Refused(path, "is damaged or cut off: its checksum is wrong");
        }
    }

    private static void Write(BinaryWriter writer, TrainingCheckpoint checkpoint)
    {
        writer.Write(checkpoint.Identity.Parts.Count);
        foreach (var part in checkpoint.Identity.Parts)
        {
            writer.Write(part.Name);
            writer.Write(part.Hash);
        }

        writer.Write(checkpoint.Done);
        writer.Write(checkpoint.LossSum);
        writer.Write(checkpoint.Epochs.Count);
        foreach (var epoch in checkpoint.Epochs)
        {
            writer.Write(epoch.Epoch);
            writer.Write(epoch.Loss);
            writer.Write(epoch.Score ?? double.NaN);
        }

        Write(writer, checkpoint.Weights);
        Write(writer, checkpoint.Best ?? []);
        writer.Write(checkpoint.Optimizer.Length);
        writer.Write(checkpoint.Optimizer);
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<NamedFloats> tensors)
    {
        writer.Write(tensors.Count);
        foreach (var (name, values) in tensors)
        {
            writer.Write(name);
            writer.Write(values.Length);
            writer.Write(MemoryMarshal.AsBytes<float>(values));
        }
    }

    private static TrainingCheckpoint Read(BinaryReader reader)
    {
        var parts = Many(reader, r => new IdentityPart(r.ReadString(), r.ReadString()));
        var (done, sum) = (reader.ReadInt32(), reader.ReadDouble());
        var epochs = Many(reader, r => new TrainingEpoch(r.ReadInt32(), r.ReadDouble(), r.ReadDouble() is var s && double.IsNaN(s) ? null : s));
        var weights = Many(reader, ReadFloats);
        var best = Many(reader, ReadFloats);
        return new TrainingCheckpoint(new RunIdentity(parts), done, sum, epochs, weights, best.Count == 0 ? null : best, ReadBytes(reader, sizeof(byte), "the optimizer"));
    }

    private static NamedFloats ReadFloats(BinaryReader reader)
    {
        var name = reader.ReadString();
        return new NamedFloats(name, MemoryMarshal.Cast<byte, float>(ReadBytes(reader, sizeof(float), name)).ToArray());
    }

    // A count beyond the file is refused before there is memory for it.
    private static byte[] ReadBytes(BinaryReader reader, int size, string what)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / size
            ? reader.ReadBytes(count * size)
            : throw new EndOfStreamException($"It says that there are {count} numbers of '{what}', more than the file has.");
    }

    private static List<T> Many<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var count = reader.ReadInt32();
        List<T> all = [];
        for (var i = 0; i < count; i++)
        {
            all.Add(read(reader));
        }

        return all;
    }

    private static InputException Refused(string path, string why, Exception? cause = null) =>
        new(ErrorCode.InvalidCheckpoint, $"The checkpoint '{path}' {why}. Delete it to start anew.", cause);
}
