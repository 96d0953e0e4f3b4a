using System.Globalization;
using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Onnx.Serialization;

/// <summary>Reads tensors wherever their elements are: raw bytes, typed fields or an external file.</summary>
internal sealed class TensorReader(string name, string? folder)
{
    public Tensor Read(TensorProto proto)
    {
        var type = (ElementType)proto.DataType;
        long[] dims = [.. proto.Dims];
        if (dims.Any(d => d < 0))
        {
            throw new ModelException(ErrorCode.InvalidGraph, $"Tensor '{proto.Name}' of '{name}' has a negative dimension. Export the model again.");
        }

        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
        {
            return new Tensor(type, dims, ReadExternal(proto, type));
        }

        if (type.Size() == 0)
        {
            return new Tensor(type, dims, default) { Carried = proto };
        }

        return Checked(() => new Tensor(type, dims, proto.HasRawData ? proto.RawData.Memory : TypedData(proto, type)), proto);
    }

    private Tensor Checked(Func<Tensor> make, TensorProto proto)
    {
        try
        {
            return make();
        }
        catch (ModelException e)
        {
            throw new ModelException(e.Code, $"Tensor '{proto.Name}' of '{name}' cannot be read. {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte> TypedData(TensorProto proto, ElementType type) => type switch
    {
        ElementType.Float32 or ElementType.Complex64 => Bytes<float>([.. proto.FloatData]),
        ElementType.Int64 => Bytes<long>([.. proto.Int64Data]),
        ElementType.Float64 or ElementType.Complex128 => Bytes<double>([.. proto.DoubleData]),
        ElementType.UInt64 => Bytes<ulong>([.. proto.Uint64Data]),
        ElementType.UInt32 => Bytes<uint>([.. proto.Uint64Data.Select(v => (uint)v)]),
        ElementType.Int32 => Bytes<int>([.. proto.Int32Data]),
        ElementType.Int16 => Bytes<short>([.. proto.Int32Data.Select(v => (short)v)]),
        ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => Bytes<ushort>([.. proto.Int32Data.Select(v => (ushort)v)]),
        ElementType.Int8 => Bytes<sbyte>([.. proto.Int32Data.Select(v => (sbyte)v)]),
        _ => Bytes<byte>([.. proto.Int32Data.Select(v => (byte)v)]),
    };

    private static byte[] Bytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    private byte[] ReadExternal(TensorProto proto, ElementType type)
    {
        var entries = proto.ExternalData.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        var path = ResolvePath(proto, entries.GetValueOrDefault("location") ?? "");
        var offset = long.Parse(entries.GetValueOrDefault("offset") ?? "0", CultureInfo.InvariantCulture);
        var expected = Tensor.Elements([.. proto.Dims]) * type.Size();
        var length = entries.TryGetValue("length", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : expected;
        using var file = File.OpenRead(path);
        if (length != expected || offset < 0 || offset + length > file.Length)
        {
            throw new ModelException(ErrorCode.MissingExternalData,
                $"External data of tensor '{proto.Name}' is {expected} bytes at {offset} of '{path}', but the entry says {length} and the file has {file.Length}. Copy the data file again.");
        }

        var bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private string ResolvePath(TensorProto proto, string location)
    {
        var path = folder is null ? null : Path.GetFullPath(Path.Combine(folder, location));
        var inside = path is not null && path.StartsWith(Path.GetFullPath(folder!).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside && File.Exists(path)
            ? path!
            : throw new ModelException(ErrorCode.MissingExternalData,
                $"Tensor '{proto.Name}' of '{name}' is kept in the external file '{location}', which is not in the model's folder. Copy the file beside the model.");
    }
}
