using System.Text;
using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// The measuring process. A program calls <see cref="Run"/> from its <c>Main</c> when its only argument is
/// <see cref="Verb"/>, before anything touches ONNX Runtime.
/// </summary>
public static class MeasuringWorker
{
    /// <summary>The argument that makes a program measure.</summary>
    public const string Verb = "measure-child";

    private const int MaxRequestBytes = 1 << 20;

    /// <summary>
    /// Reads one request line, measures in this process and answers with one line. Errors with a code travel in the answer;
    /// anything else is a bug and ends the process, whose exit code and standard error then tell.
    /// </summary>
    /// <param name="input">Where the request comes from: standard input.</param>
    /// <param name="output">Where the answer goes: standard output.</param>
    /// <returns>The exit code: 0 for a report, 1 for an error.</returns>
    public static int Run(Stream input, Stream output)
    {
        NativeEnvironment.DisableTelemetry();
        var reply = Answer(input);
        JsonSerializer.Serialize(output, reply, ProfilerJson.Default.MeasureReply);
        output.Write("\n"u8);
        output.Flush();
        return reply.Error is null ? 0 : 1;
    }

    private static MeasureReply Answer(Stream input)
    {
        try
        {
            var request = ReadRequest(input);
            return request.ReferencePath is { } reference
                ? new MeasureReply(Comparison: ModelComparison.OnThisMachine().Compare(request.ModelPath, reference, request.Settings))
                : new MeasureReply(ModelMeasurement.OnThisMachine().Measure(request.ModelPath, request.Settings));
        }
        catch (EdgePruneException error)
        {
            return new MeasureReply(Error: MeasureError.From(error));
        }
    }

    private static MeasureRequest ReadRequest(Stream input)
    {
        var line = ReadLine(input);
        try
        {
            return JsonSerializer.Deserialize(line, ProfilerJson.Default.MeasureRequest) is { ModelPath: not null, Settings: not null } request
                ? request
                : throw NoRequest("it is null or a member is missing", inner: null);
        }
        catch (JsonException damage)
        {
            throw NoRequest(damage.Message, damage);
        }
    }

    private static byte[] ReadLine(Stream input)
    {
        using var line = new MemoryStream();
        for (var next = input.ReadByte(); next >= 0 && next != '\n'; next = input.ReadByte())
        {
            if (line.Length == MaxRequestBytes)
            {
                throw NoRequest($"it is longer than {MaxRequestBytes} bytes", inner: null);
            }

            line.WriteByte((byte)next);
        }

        return line.ToArray();
    }

    private static DeviceException NoRequest(string why, Exception? inner) => new(
        ErrorCode.MeasurementFailed,
        $"The first line of standard input is no measuring request: {why}. The verb '{Verb}' is for EdgePrune itself; run 'edgeprune profile' instead.",
        inner);
}
