using System.Runtime.CompilerServices;
using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgePrune.Profiler;

/// <summary>A tensor whose memory is allocated once, pinned, aligned to cache lines, and shared with ONNX Runtime.</summary>
public sealed class BoundTensor : IDisposable
{
    private const int Alignment = 64;

    private readonly byte[] _memory;
    private readonly int _offset;
    private readonly int _length;

    internal BoundTensor(string name, TensorElementType elementType, long[] shape)
    {
        Name = name;
        ElementType = elementType;
        Shape = shape;
        _length = ByteLength(name, elementType, shape);
        _memory = GC.AllocateArray<byte>(_length + Alignment, pinned: true);
        unsafe
        {
            var address = (nint)Unsafe.AsPointer(ref _memory[0]);
            _offset = (int)((Alignment - (address % Alignment)) % Alignment);
            Value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, elementType, shape, address + _offset, _length);
        }
    }

    /// <summary>Name of the model's input or output.</summary>
    public string Name { get; }

    /// <summary>Type of the elements.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>Extents, all known.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The elements as bytes in row-major order, native byte order. What is written here is what the next run sees.</summary>
    public Span<byte> Bytes => _memory.AsSpan(_offset, _length);

    internal OrtValue Value { get; }

    /// <summary>Releases ONNX Runtime's view of the memory.</summary>
    public void Dispose() => Value.Dispose();

    private static int ByteLength(string name, TensorElementType elementType, long[] shape)
    {
        var bytes = (decimal)ElementTypes.Size(name, elementType);
        foreach (var extent in shape)
        {
            bytes *= extent;
        }

        return bytes <= int.MaxValue - Alignment
            ? (int)bytes
            : throw new ModelException(
                ErrorCode.ModelRejected,
                $"Tensor '{name}' with shape [{string.Join(", ", shape)}] needs {bytes} bytes; at most 2 GiB are supported. Use a smaller free dimension.");
    }
}
