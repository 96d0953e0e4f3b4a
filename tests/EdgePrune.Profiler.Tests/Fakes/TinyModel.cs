using System.Text;

namespace EdgePrune.Profiler.Tests;

/// <summary>Writes ONNX models of single nodes in the wire format, so that the tests need no file and no other project.</summary>
internal static class TinyModel
{
    public const int Float = 1, UInt8 = 2, Int8 = 3, Int32 = 6, Int64 = 7, Text = 8, Bool = 9, Float16 = 10, Double = 11;

    /// <summary>A tensor's name, element type and extents; -1 is a free extent.</summary>
    public sealed record Tensor(string Name, int Type, params long[] Shape);

    public sealed record Node(string Operator, string[] Inputs, string[] Outputs);

    public static byte[] Build(Tensor[] inputs, Tensor[] outputs, params Node[] nodes)
    {
        var graph = Concat(
            [.. nodes.Select(n => Message(1, NodeBody(n))),
            Field(2, "tiny"),
            .. inputs.Select(i => Message(11, Value(i))),
            .. outputs.Select(o => Message(12, Value(o)))]);
        return Concat(Number(1, 8), Message(7, graph), Message(8, Concat(Field(1, ""), Number(2, 17))));
    }

    private static byte[] NodeBody(Node node) => Concat(
        [.. node.Inputs.Select(i => Field(1, i)), .. node.Outputs.Select(o => Field(2, o)), Field(3, node.Operator + "_0"), Field(4, node.Operator)]);

    private static byte[] Value(Tensor tensor)
    {
        var shape = Concat([.. tensor.Shape.Select(d => Message(1, d < 0 ? Field(2, "n") : Number(1, d)))]);
        return Concat(Field(1, tensor.Name), Message(2, Message(1, Concat(Number(1, tensor.Type), Message(2, shape)))));
    }

    private static byte[] Field(int number, string text) => Message(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int number, byte[] body) => Concat(VarInt((number << 3) | 2), VarInt(body.Length), body);

    private static byte[] Number(int number, long value) => Concat(VarInt(number << 3), VarInt(value));

    private static byte[] VarInt(long value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(p => p)];
}
