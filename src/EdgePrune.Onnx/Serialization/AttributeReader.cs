using static EdgePrune.Onnx.Serialization.AttributeProto.Types;

namespace EdgePrune.Onnx.Serialization;

/// <summary>Reads attributes; kinds that nothing looks into are carried.</summary>
internal static class AttributeReader
{
    public static AttributeValue Read(AttributeProto proto, TensorReader tensors) => KindOf(proto) switch
    {
        AttributeType.Int => new AttributeValue.Int(proto.I),
        AttributeType.Float => new AttributeValue.Float(proto.F),
        AttributeType.String when IsPlainText(proto.S) => new AttributeValue.Text(proto.S.ToStringUtf8()),
        AttributeType.Ints => new AttributeValue.Ints([.. proto.Ints]),
        AttributeType.Floats => new AttributeValue.Floats([.. proto.Floats]),
        AttributeType.Strings when proto.Strings.All(IsPlainText) => new AttributeValue.Texts([.. proto.Strings.Select(s => s.ToStringUtf8())]),
        AttributeType.Tensor when proto.T is not null => new AttributeValue.Constant(tensors.Read(proto.T)),
        _ => new AttributeValue.Carried(proto),
    };

    // Files of the first format version do not state the kind: the field that is set tells it.
    private static AttributeType KindOf(AttributeProto proto) => proto switch
    {
        { HasType: true } => proto.Type,
        { HasI: true } => AttributeType.Int,
        { HasF: true } => AttributeType.Float,
        { HasS: true } => AttributeType.String,
        { T: not null } => AttributeType.Tensor,
        { Ints.Count: > 0 } => AttributeType.Ints,
        { Floats.Count: > 0 } => AttributeType.Floats,
        _ => AttributeType.Undefined,
    };

    private static bool IsPlainText(Google.Protobuf.ByteString text) =>
        Google.Protobuf.ByteString.CopyFromUtf8(text.ToStringUtf8()).Equals(text);
}
