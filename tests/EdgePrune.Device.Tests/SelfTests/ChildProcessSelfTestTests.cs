using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Microsoft.Extensions.Time.Testing;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Device.Tests;

/// <summary>The self-test in a real child process: the built agent program over a real model, and programs that misbehave.</summary>
public sealed class ChildProcessSelfTestTests : IDisposable
{
    private static readonly long[] Shape = [1, 1, 28, 28];
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-selftest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_RealModelWithItsOwnOutput_Passes() =>
        await Agent().RunAsync(Order(v => v), CancellationToken.None);

    [Fact]
    public async Task Run_NeitherInputNorOutput_RunsOnZeros() =>
        await Agent().RunAsync(Order(v => v) with { InputPath = null, OutputPath = null }, CancellationToken.None);

    [Fact]
    public async Task Run_OutputBeyondTolerance_Fails()
    {
        var error = await Assert.ThrowsAsync<DeviceException>(() => Agent().RunAsync(Order(v => v + 0.5f), CancellationToken.None));

        Assert.Equal(ErrorCode.SelfTestFailed, error.Code);
        Assert.Contains("differs", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Run_TruncatedModel_Fails(int length)
    {
        var order = Order(v => v);
        var cut = Save("cut", File.ReadAllBytes(order.ModelPath)[..length]);

        var error = await Assert.ThrowsAsync<DeviceException>(() => Agent().RunAsync(order with { ModelPath = cut }, CancellationToken.None));

        Assert.Equal(ErrorCode.SelfTestFailed, error.Code);
    }

    [Fact]
    public void FindFault_InputOfAnotherLength_SaysWhatIsExpected()
    {
        var order = Order(v => v) with { InputPath = Save("short", new byte[8]) };

        Assert.Contains("3136", SelfTestWorker.FindFault(order), StringComparison.Ordinal);
    }

    [Fact]
    public void FindFault_OutputOfAnotherLength_IsAFault() =>
        Assert.Contains("are expected", SelfTestWorker.FindFault(Order(v => v) with { OutputPath = Save("short", new byte[8]) }), StringComparison.Ordinal);

    [Fact]
    public void FindFault_ExpectedNotANumber_IsAFault() =>
        Assert.NotNull(SelfTestWorker.FindFault(Order(_ => float.NaN)));

    [Theory]
    [InlineData("kill -9 $$", "exit code")]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("cat > /dev/null; echo nonsense", "no answer that can be read")]
    [InlineData("cat > /dev/null; echo {}", "no answer that can be read")]
    [InlineData("cat > /dev/null", "no answer that can be read")]
    [InlineData("cat /dev/zero", "more than")]
    public async Task Run_ProgramThatMisbehaves_IsAFailedSelfTest(string script, string reason)
    {
        var error = await Assert.ThrowsAsync<DeviceException>(() => Shell(script).RunAsync(Order(v => v), CancellationToken.None));

        Assert.Equal(ErrorCode.SelfTestFailed, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ProgramThatNeverAnswers_IsStoppedAtTheLimit()
    {
        var time = new FakeTimeProvider();
        var run = Shell("exec sleep 600", time).RunAsync(Order(v => v), CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(2));

        var error = await Assert.ThrowsAsync<DeviceException>(() => run);

        Assert.Contains("longer than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ProgramThatDoesNotExist_IsNotTheModelsFault()
    {
        var test = new ChildProcessSelfTest(new MeasuringProgram("/nowhere/agent", []), TimeSpan.FromMinutes(1), TimeProvider.System);

        var error = await Assert.ThrowsAsync<DeviceException>(() => test.RunAsync(Order(v => v), CancellationToken.None));

        Assert.NotEqual(ErrorCode.SelfTestFailed, error.Code);
    }

    private static ChildProcessSelfTest Agent() =>
        new(new MeasuringProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, "EdgePrune.Device.dll")]), TimeSpan.FromMinutes(2), TimeProvider.System);

    private static ChildProcessSelfTest Shell(string script, TimeProvider? time = null) =>
        new(new MeasuringProgram("/bin/sh", ["-c", script]), TimeSpan.FromMinutes(1), time ?? TimeProvider.System);

    private SelfTestOrder Order(Func<float, float> change)
    {
        var model = Path.Combine(RepositoryFolder.Find(), "samples", "mnist", "mnist-cnn.onnx");
        var random = new Random(7);
        var input = new float[784];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = random.NextSingle();
        }

        using var session = new InferenceSession(model);
        using var value = OrtValue.CreateTensorValueFromMemory(input, Shape);
        using var options = new RunOptions();
        using var outputs = session.Run(options, session.InputNames, [value], session.OutputNames);
        float[] expected = [.. outputs[0].GetTensorDataAsSpan<float>().ToArray().Select(change)];
        return new SelfTestOrder(model, Shape, 1e-3, Save("input", Bytes(input)), Save("output", Bytes(expected)));
    }

    private string Save(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
