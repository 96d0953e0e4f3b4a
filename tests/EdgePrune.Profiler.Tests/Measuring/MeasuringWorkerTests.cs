using System.Text;
using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class MeasuringWorkerTests
{
    private static (int Exit, MeasureReply Reply) Run(string request)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(request));
        using var output = new MemoryStream();
        var exit = MeasuringWorker.Run(input, output);
        return (exit, JsonSerializer.Deserialize(output.ToArray(), ProfilerJson.Default.MeasureReply)!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"modelPath\":\"a\"}")]
    [InlineData("{\"modelPath\":null,\"settings\":{}}")]
    [InlineData("{\"modelPath\":\"a\",\"settings\":{\"threads\":\"many\"}}")]
    [InlineData("measure this, please")]
    public void Run_OfADamagedRequest_AnswersAnError(string request)
    {
        var (exit, reply) = Run(request);
        Assert.Equal(1, exit);
        Assert.Equal((int)ErrorCode.MeasurementFailed, reply.Error!.Code);
    }

    [Fact]
    public void Run_OfAnEndlessRequest_StopsReading() =>
        Assert.Contains("longer than", Run(new string(' ', 2 << 20)).Reply.Error!.Message, StringComparison.Ordinal);

    [Fact]
    public void DisableTelemetry_IsSeenByNativeCode()
    {
        NativeEnvironment.DisableTelemetry();
        Assert.Equal("1", NativeEnvironment.Read("ORT_DISABLE_TELEMETRY"));
        Assert.Null(NativeEnvironment.Read("EDGEPRUNE_NOT_SET"));
    }

    [Fact]
    public void Read_OfWhatDotNetSet_SeesNothingOnUnix()
    {
        // Why DisableTelemetry calls the C library: if this ever fails, .NET's own setter would do.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has one environment.");
        Environment.SetEnvironmentVariable("EDGEPRUNE_ONLY_DOTNET", "1");
        Assert.Null(NativeEnvironment.Read("EDGEPRUNE_ONLY_DOTNET"));
    }

    [Theory]
    [InlineData(ErrorCode.ModelRejected, typeof(ModelException))]
    [InlineData(ErrorCode.UnknownOperator, typeof(ModelException))]
    [InlineData(ErrorCode.FileNotFound, typeof(InputException))]
    [InlineData(ErrorCode.MeasurementFailed, typeof(DeviceException))]
    public void MeasureError_ThereAndBack_KeepsCodeClassAndMessage(ErrorCode code, Type type)
    {
        var back = MeasureError.From(new EdgePruneException(code, "what is wrong")).ToException();
        Assert.Equal(type, back.GetType());
        Assert.Equal(code, back.Code);
        Assert.Equal($"EP{(int)code:0000}: what is wrong", back.Message);
    }

    [Fact]
    public void MeasureError_OfAnUnknownCode_IsAFailedMeasurement() =>
        Assert.Equal(ErrorCode.MeasurementFailed, new MeasureError(9999, "?").ToException().Code);

    [Fact]
    public async Task TailReader_KeepsTheEndOfALongText()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(new string('a', 100_000) + "end"));
        var tail = await TailReader.ReadAsync(stream, 10, CancellationToken.None);
        Assert.Equal("aaaaaaaend", tail);
    }
}
