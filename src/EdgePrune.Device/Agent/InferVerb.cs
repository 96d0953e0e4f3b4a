using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Device;

/// <summary>
/// Runs a model on inputs from a stream, as the device runs it: to compare a device's outputs with the host's, or to feed a
/// program in any language. Inputs come one after the other as raw little-endian elements, outputs go the same way.
/// </summary>
internal static class InferVerb
{
    /// <summary>The argument that starts this program for it; the model's file follows.</summary>
    public const string Verb = "infer";

    /// <summary>Runs the model until the inputs end.</summary>
    /// <param name="modelPath">The ONNX file, with one input; free dimensions are 1.</param>
    /// <param name="input">The inputs.</param>
    /// <param name="output">Gets the first output of each run.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">There is no such file, or the inputs end in the middle of one.</exception>
    /// <exception cref="ModelException">The model cannot be run, or has several inputs.</exception>
    public static int Run(string modelPath, Stream input, Stream output)
    {
        using var session = BoundSession.Open(modelPath, new ProfileSettings());
        if (session.Inputs is not [var fed])
        {
            throw new ModelException(ErrorCode.ModelRejected, $"'{modelPath}' has {session.Inputs.Count} inputs; 'infer' feeds models with one.");
        }

        while (Fill(input, fed.Bytes))
        {
            session.Run();
            output.Write(session.Outputs[0].Bytes);
        }

        output.Flush();
        return (int)ExitCode.Stopped;
    }

    private static bool Fill(Stream input, Span<byte> bytes)
    {
        var read = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == 0 || read == bytes.Length
            ? read > 0
            : throw new InputException(ErrorCode.InvalidSampleFile, $"The inputs end in the middle of one: {bytes.Length} bytes make an input, {read} were left. Give whole inputs, raw and one after the other.");
    }
}
