using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Tensors from one library to the other. All real numbers are computed in one type, 32-bit floats as a rule.</summary>
internal static class TorchTensors
{
    public static bool CanHold(ElementType type) => type.IsFloat() || WholeType(type) is not null;

    /// <summary>The type that holds whole numbers or truth values of a type; null for real numbers and for what libtorch has no type for.</summary>
    public static torch.ScalarType? WholeType(ElementType type) => type switch
    {
        ElementType.Int64 => torch.ScalarType.Int64,
        ElementType.Int32 => torch.ScalarType.Int32,
        ElementType.Int16 => torch.ScalarType.Int16,
        ElementType.Int8 => torch.ScalarType.Int8,
        ElementType.UInt8 => torch.ScalarType.Byte,
        ElementType.Bool => torch.ScalarType.Bool,
        _ => null,
    };

    public static torch.Tensor From(Tensor tensor, torch.ScalarType real = torch.ScalarType.Float32) => tensor.ElementType switch
    {
        ElementType.Int64 => torch.tensor(tensor.ToInts(), tensor.Dims),
        ElementType.Int32 => torch.tensor(tensor.Span<int>().ToArray(), tensor.Dims),
        ElementType.Int16 => torch.tensor(tensor.Span<short>().ToArray(), tensor.Dims),
        ElementType.Int8 => torch.tensor(tensor.Span<sbyte>().ToArray(), tensor.Dims),
        ElementType.UInt8 => torch.tensor(tensor.Span<byte>().ToArray(), tensor.Dims),
        ElementType.Bool => torch.tensor(tensor.Span<bool>().ToArray(), tensor.Dims),
        _ when tensor.ElementType.IsFloat() => Own(tensor.ToFloats(), tensor.Dims, real),
        _ => throw new ModelException(ErrorCode.InvalidGraph, $"Tensors of {tensor.ElementType} cannot take part in training. Convert the model's inputs to floats."),
    };

    // A tensor over a managed array lies wherever that lies, and products of matrices differ in their last bits by how memory is
    // aligned. In memory of libtorch's own they do not.
    private static torch.Tensor Own(float[] values, ReadOnlySpan<long> dims, torch.ScalarType real)
    {
        using var borrowed = torch.tensor(values, dims);
        return borrowed.to(real, copy: true);
    }

    /// <summary>Real numbers as 32-bit floats, whole numbers and truth values as they are.</summary>
    public static Tensor ToTensor(torch.Tensor tensor) => tensor.dtype switch
    {
        torch.ScalarType.Int64 => Whole<long>(tensor, ElementType.Int64),
        torch.ScalarType.Int32 => Whole<int>(tensor, ElementType.Int32),
        torch.ScalarType.Int16 => Whole<short>(tensor, ElementType.Int16),
        torch.ScalarType.Int8 => Whole<sbyte>(tensor, ElementType.Int8),
        torch.ScalarType.Byte => Whole<byte>(tensor, ElementType.UInt8),
        torch.ScalarType.Bool => Whole<bool>(tensor, ElementType.Bool),
        _ => Tensor.Of(tensor.shape, ToFloats(tensor)),
    };

    public static float[] ToFloats(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return Elements<float>(tensor.detach().to(torch.ScalarType.Float32));
    }

    public static long[] ToInts(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return Elements<long>(tensor.to(torch.ScalarType.Int64));
    }

    private static Tensor Whole<T>(torch.Tensor tensor, ElementType type)
        where T : unmanaged
    {
        using var scope = torch.NewDisposeScope();
        return new Tensor(type, tensor.shape, MemoryMarshal.AsBytes<T>(Elements<T>(tensor)).ToArray());
    }

    // The accessor fails on tensors without elements.
    private static T[] Elements<T>(torch.Tensor tensor)
        where T : unmanaged => tensor.numel() == 0 ? [] : tensor.contiguous().data<T>().ToArray();
}
