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
            return ReadExternal(proto, type, dims);
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

    private Tensor ReadExternal(TensorProto proto, ElementType type, long[] dims)
    {
        var path = ResolvePath(proto, Entry(proto, "location") ?? "");
        var offset = Number(proto, "offset") ?? 0;
        var expected = type.Size() == 0 ? Number(proto, "length") ?? 0 : Tensor.Elements(dims) * type.Size();
        var bytes = ReadRange(proto, path, offset, Number(proto, "length") ?? expected, expected);
        if (type.Size() > 0)
        {
            return new Tensor(type, dims, bytes);
        }

        // Packed types are carried, with their bytes inside the file from now on.
        var carried = proto.Clone();
        carried.ExternalData.Clear();
        carried.ClearDataLocation();
        carried.RawData = Google.Protobuf.ByteString.CopyFrom(bytes);
        return new Tensor(type, dims, default) { Carried = carried };
    }

    private static string? Entry(TensorProto proto, string key) => proto.ExternalData.LastOrDefault(e => e.Key == key)?.Value;

    private long? Number(TensorProto proto, string key) => Entry(proto, key) switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new ModelException(ErrorCode.InvalidGraph, $"Tensor '{proto.Name}' of '{name}' gives '{text}' as the {key} of its external data; expected a number. Export the model again."),
    };

    private static byte[] ReadRange(TensorProto proto, string path, long offset, long length, long expected)
    {
        using var file = File.OpenRead(path);
        if (length != expected || offset > file.Length || length > file.Length - offset)
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
        var path = folder is null || location.Contains('\0', StringComparison.Ordinal) ? null : Path.GetFullPath(Path.Combine(folder, location));
        var inside = path is not null && path.StartsWith(Path.GetFullPath(folder!).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside && File.Exists(path)
            ? path!
            : throw new ModelException(ErrorCode.MissingExternalData,
                $"Tensor '{proto.Name}' of '{name}' is kept in the external file '{location}', which is not in the model's folder. Copy the file beside the model.");
    }
}
