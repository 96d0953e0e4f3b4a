using EdgePrune.Contracts;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Tensors from one library to the other. All real numbers are computed as 32-bit floats.</summary>
internal static class TorchTensors
{
    public static bool CanHold(ElementType type) => type.IsFloat() || type is ElementType.Int64 or ElementType.Int32 or ElementType.Bool;

    public static torch.Tensor From(Tensor tensor) => tensor.ElementType switch
    {
        ElementType.Int64 => torch.tensor(tensor.ToInts(), tensor.Dims),
        ElementType.Int32 => torch.tensor(tensor.Span<int>().ToArray(), tensor.Dims),
        ElementType.Bool => torch.tensor(tensor.Span<bool>().ToArray(), tensor.Dims),
        _ when tensor.ElementType.IsFloat() => torch.tensor(tensor.ToFloats(), tensor.Dims),
        _ => throw new ModelException(ErrorCode.InvalidGraph, $"Tensors of {tensor.ElementType} cannot take part in training. Convert the model's inputs to floats."),
    };

    public static Tensor ToFloat32(torch.Tensor tensor) => Tensor.Of(tensor.shape, ToFloats(tensor));

    public static float[] ToFloats(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().to(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
    }
}
