using System.Buffers.Binary;
using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgePrune.Device;

/// <summary>The child process's side of the self-test.</summary>
internal static class SelfTestWorker
{
    /// <summary>The argument that starts this program as a self-test process.</summary>
    public const string Verb = "selftest-child";

    /// <summary>Reads an order, runs it and writes the answer.</summary>
    /// <param name="input">The order as JSON, to its end.</param>
    /// <param name="output">The answer as JSON.</param>
    /// <returns>The exit code: 0 when an answer was written.</returns>
    public static int Run(Stream input, Stream output)
    {
        var order = JsonSerializer.Deserialize(input, DeviceJson.Default.SelfTestOrder)
            ?? throw new DeviceException(ErrorCode.ProtocolViolation, "The self-test order is null. Start the agent, not its child process.");
        var fault = FindFault(order);
        JsonSerializer.Serialize(output, new SelfTestAnswer(fault is null, fault), DeviceJson.Default.SelfTestAnswer);
        output.Flush();
        return 0;
    }

    /// <summary>Runs a self-test in this process.</summary>
    /// <param name="order">What to run.</param>
    /// <returns>What is wrong with the model, or null.</returns>
    public static string? FindFault(SelfTestOrder order)
    {
        try
        {
            using var options = SessionFactory.CreateOptions(new ProfileSettings { MemoryArena = false });
            using var session = new InferenceSession(order.ModelPath, options);
            return session.InputNames.Count == 1
                ? FindFault(session, order)
                : $"it has {session.InputNames.Count} inputs, a self-test covers models with one";
        }
        catch (OnnxRuntimeException e)
        {
            return $"ONNX Runtime refuses it: {e.Message}";
        }
    }

    private static string? FindFault(InferenceSession session, SelfTestOrder order)
    {
        var metadata = session.InputMetadata[session.InputNames[0]];
        if (!metadata.IsTensor)
        {
            return "its input is no tensor";
        }

        var expectedBytes = ElementCount(order.InputShape) * SizeOf(metadata);
        var bytes = order.InputPath is null ? new byte[expectedBytes] : File.ReadAllBytes(order.InputPath);
        if (bytes.Length != expectedBytes)
        {
            return $"the self-test input has {bytes.Length} bytes, shape [{string.Join(", ", order.InputShape)}] of {metadata.ElementDataType} needs {expectedBytes}";
        }

        var outputs = Infer(session, metadata, bytes, order.InputShape);
        return outputs is null ? "its first output is no float32 tensor" : Compare(outputs, order);
    }

    private static unsafe float[]? Infer(InferenceSession session, NodeMetadata metadata, byte[] bytes, IReadOnlyList<long> shape)
    {
        fixed (byte* pinned = bytes)
        {
            using var input = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, metadata.ElementDataType, [.. shape], (IntPtr)pinned, bytes.Length);
            using var options = new RunOptions();
            using var outputs = session.Run(options, [session.InputNames[0]], [input], [session.OutputNames[0]]);
            return outputs[0].IsTensor && outputs[0].GetTensorTypeAndShape().ElementDataType == TensorElementType.Float
                ? outputs[0].GetTensorDataAsSpan<float>().ToArray()
                : null;
        }
    }

    private static string? Compare(float[] actual, SelfTestOrder order)
    {
        if (actual.Any(v => !float.IsFinite(v)))
        {
            return "its output has values that are infinite or not numbers";
        }

        if (order.OutputPath is null)
        {
            return null;
        }

        var expected = ReadFloats(File.ReadAllBytes(order.OutputPath));
        return expected.Length == actual.Length
            ? Compare(actual, expected, order.Tolerance)
            : $"its output has {actual.Length} values, {expected.Length} are expected";
    }

    private static string? Compare(float[] actual, float[] expected, double tolerance)
    {
        var largest = expected.Max(v => Math.Abs((double)v));
        var scale = largest > 0 ? largest : 1;
        var difference = actual.Zip(expected, (a, e) => Math.Abs((double)a - e)).Max() / scale;
        // Written so that a difference that is no number fails.
        return difference <= tolerance
            ? null
            : FormattableString.Invariant($"its output differs from the expected one by {difference:0.######} of the largest value, at most {tolerance:0.######} is allowed");
    }

    private static float[] ReadFloats(byte[] bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return values;
    }

    private static long ElementCount(IReadOnlyList<long> shape) => shape.Aggregate(1L, (product, d) => checked(product * d));

    private static int SizeOf(NodeMetadata metadata) => metadata.ElementDataType switch
    {
        TensorElementType.Double or TensorElementType.Int64 or TensorElementType.UInt64 => 8,
        TensorElementType.Float or TensorElementType.Int32 or TensorElementType.UInt32 => 4,
        TensorElementType.Float16 or TensorElementType.BFloat16 or TensorElementType.Int16 or TensorElementType.UInt16 => 2,
        _ => 1,
    };
}
