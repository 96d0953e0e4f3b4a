using System.Buffers;
using Google.Protobuf;

namespace EdgePrune.Onnx.Serialization;

/// <summary>
/// Parses a model file piece by piece: each initializer's elements go from the file into an array of just their size, and
/// each node through one buffer. The generated parser would read them in small pieces first and hold everything twice.
/// </summary>
internal sealed class PiecewiseParser
{
    private const int LengthDelimited = 2;

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _ofTensor = new();
    private byte[] _scratch = new byte[1 << 12];
    private long _position;

    private PiecewiseParser(FileStream file) => _file = file;

    /// <summary>The model, or null when the file is none, is damaged or has something this parser leaves to the generated one.</summary>
    public static ModelProto? TryParse(FileStream file)
    {
        try
        {
            return new PiecewiseParser(file).ParseModel();
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or EndOfStreamException)
        {
            return null;
        }
    }

    // Parts of a message that lie apart are one message when they are put together.
    private ModelProto ParseModel()
    {
        var (graph, ofModel, ofGraph) = ((GraphProto?)null, new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        Walk(_file.Length, ofModel, (field, length) =>
        {
            if (field == ModelProto.GraphFieldNumber)
            {
                Walk(_position + length, ofGraph, (f, l) => TakePart(graph ??= new GraphProto(), f, l));
            }

            return field == ModelProto.GraphFieldNumber;
        });
        var model = ModelProto.Parser.ParseFrom(ofModel.WrittenSpan);
        graph?.MergeFrom(ofGraph.WrittenSpan);
        model.Graph = graph;
        return model;
    }

    private bool TakePart(GraphProto graph, int field, long length)
    {
        switch (field)
        {
            case GraphProto.NodeFieldNumber:
                graph.Node.Add(NodeProto.Parser.ParseFrom(Read(length)));
                return true;
            case GraphProto.InitializerFieldNumber:
                graph.Initializer.Add(ParseTensor(_position + length));
                return true;
            default:
                return false;
        }
    }

    private TensorProto ParseTensor(long end)
    {
        _ofTensor.Clear();
        byte[]? elements = null;
        Walk(end, _ofTensor, (field, length) =>
        {
            if (field == TensorProto.RawDataFieldNumber)
            {
                Fill(elements = NewArray(length));
            }

            return field == TensorProto.RawDataFieldNumber;
        });
        var tensor = TensorProto.Parser.ParseFrom(_ofTensor.WrittenSpan);
        if (elements is not null)
        {
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(elements);
        }

        return tensor;
    }

    // Hands every length-delimited field up to the end to 'take'; what it does not take is copied to 'rest'.
    private void Walk(long end, ArrayBufferWriter<byte> rest, Func<int, long, bool> take)
    {
        while (_position < end)
        {
            var tag = ReadNumber();
            ulong length = (tag & 7) switch
            {
                0 => 0,
                1 => 8,
                LengthDelimited => ReadNumber(),
                5 => 4,
                _ => throw new EndOfStreamException(),
            };
            Require(tag <= uint.MaxValue && length <= (ulong)(end - _position));
            if ((tag & 7) != LengthDelimited || !take((int)(tag >> 3), (long)length))
            {
                Copy(tag, (long)length, rest);
            }
        }

        Require(_position == end);
    }

    private void Copy(ulong tag, long length, ArrayBufferWriter<byte> rest)
    {
        WriteNumber(tag, rest);
        if ((tag & 7) == 0)
        {
            WriteNumber(ReadNumber(), rest);
            return;
        }

        if ((tag & 7) == LengthDelimited)
        {
            WriteNumber((ulong)length, rest);
        }

        rest.Write(Read(length));
    }

    private ReadOnlySpan<byte> Read(long length)
    {
        if (_scratch.Length < length)
        {
            _scratch = NewArray(length);
        }

        var bytes = _scratch.AsSpan(0, (int)length);
        Fill(bytes);
        return bytes;
    }

    private static byte[] NewArray(long length)
    {
        Require(length <= Array.MaxLength);
        return GC.AllocateUninitializedArray<byte>((int)length);
    }

    private void Fill(Span<byte> bytes)
    {
        _file.ReadExactly(bytes);
        _position += bytes.Length;
    }

    private ulong ReadNumber()
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = _file.ReadByte();
            Require(part >= 0);
            _position++;
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }

        throw new EndOfStreamException();
    }

    private static void WriteNumber(ulong number, ArrayBufferWriter<byte> rest)
    {
        for (; number >= 0x80; number >>= 7)
        {
            rest.Write([(byte)(number | 0x80)]);
        }

        rest.Write([(byte)number]);
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new EndOfStreamException();
        }
    }
}
