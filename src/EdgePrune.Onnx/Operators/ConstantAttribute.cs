using System.Runtime.InteropServices;

namespace EdgePrune.Onnx;

/// <summary>The tensor of a Constant node, which may be spelled as one of several attributes.</summary>
internal static class ConstantAttribute
{
    /// <summary>The tensor, or null for spellings that no dense number tensor can hold (text, sparse).</summary>
    public static Tensor? Find(Node node)
    {
        foreach (var (name, attribute) in node.Attributes)
        {
            switch (name, attribute)
            {
                case ("value", AttributeValue.Constant { Value: { } tensor }) when tensor.ElementType.Size() > 0:
                    return tensor;
                case ("value_float", AttributeValue.Float number):
                    return Tensor.Of([], [number.Value]);
                case ("value_floats", AttributeValue.Floats numbers):
                    return Tensor.Of([numbers.Values.Count], [.. numbers.Values]);
                case ("value_int", AttributeValue.Int number):
                    return Tensor.Of([], [number.Value]);
                case ("value_ints", AttributeValue.Ints numbers):
                    return new Tensor(ElementType.Int64, [numbers.Values.Count], MemoryMarshal.AsBytes<long>([.. numbers.Values]).ToArray());
                default:
                    continue;
            }
        }

        return null;
    }
}
