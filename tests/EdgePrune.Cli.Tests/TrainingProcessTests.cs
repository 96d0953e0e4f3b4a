using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli.Tests;

public sealed class TrainingProcessTests : IDisposable
{
    private readonly WorkFolder _folder = new();
    private readonly Lines _lines = new();

    public TrainingProcessTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The training program of these tests is a shell script.");

    [Fact]
    public async Task Run_AnswersInLines_ReportsThemAndGivesTheLast()
    {
        var finished = await RunAsync($$"""
            echo '{"event":"progress","phase":"fine-tuning","epoch":1,"epochs":1,"step":1,"steps":2,"loss":0.5,"learningRate":0.001,"secondsLeft":3}'
            echo '{"event":"epoch","epoch":1,"loss":0.25,"score":97.5}'
            {{FakeProgram.Finish}}
            """);

        Assert.Equal(7, finished.Steps);
        Assert.Collection(_lines.All,
            l => Assert.Equal(3, Assert.IsType<TrainingProgress>(l).SecondsLeft),
            l => Assert.Equal(97.5, Assert.IsType<TrainingEpoch>(l).Score));
        FakeProgram.RequireGone(_folder);
    }

    [Fact]
    public async Task Run_AnyRequest_IsOneLineThatTheProgramCanRead()
    {
        await RunAsync(FakeProgram.Finish);

        var read = JsonSerializer.Deserialize(await File.ReadAllTextAsync(_folder["request.json"], TestContext.Current.CancellationToken), TrainingJson.Default.TrainingRequest);
        var request = Assert.IsType<FineTuneRequest>(read);
        Assert.Equal(("model.onnx", "digits"), (request.Model, request.Samples.Data));
        Assert.Equal(3, request.Recipe.Training.Epochs);
    }

    [Theory]
    [InlineData("echo 'Loading libtorch'")]
    [InlineData("echo null")]
    [InlineData("echo '{}'")]
    [InlineData("""echo '{"event":"party"}'""")]
    [InlineData("""echo '{"event":"finished","end":"Completed"}'""")]
    [InlineData("""echo '{"event":"finished","end":"Never","steps":1,"epochs":[],"output":"x"}'""")]
    [InlineData("""echo '{"event":"epoch","epoch":1,"loss":'""")]
    [InlineData(@"printf '\377\376\n'")]
    [InlineData("echo")]
    [InlineData("head -c 6000000 /dev/zero | tr '\\0' x")]
    [InlineData("yes | tr -d '\\n'")]
    public async Task Run_AnswersNonsense_IsAnErrorAndTheProcessIsGone(string nonsense)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => RunAsync($"{nonsense}\n{FakeProgram.Hang}"));

        Assert.Equal(ErrorCode.TrainingFailed, error.Code);
        Assert.Contains("nonsense", error.Message, StringComparison.Ordinal);
        FakeProgram.RequireGone(_folder);
    }

    [Fact]
    public async Task Run_EndsEarly_SaysWithWhichCodeAndWhatWasPrinted()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => RunAsync("echo 'out of memory' >&2; exit 9"));

        Assert.Equal(ErrorCode.TrainingFailed, error.Code);
        Assert.Contains("exit code 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("out of memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EndsBeforeItReadTheRequest_IsAnError()
    {
        var program = FakeProgram.WriteScript(_folder, "#!/bin/bash\nexec 0<&-\nexit 3", "deaf.sh");

        var error = await Assert.ThrowsAsync<InputException>(() => Process(program).RunAsync(Request(), null, TestContext.Current.CancellationToken));

        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2005, "EP2005: Operator 'Foo' has no derivative.", ErrorCode.UnknownOperator)]
    [InlineData(3002, "Label 12 is out of range.", ErrorCode.LabelMismatch)]
    [InlineData(9999, "Something new.", ErrorCode.TrainingFailed)]
    public async Task Run_AFailedLine_IsThatError(int code, string message, ErrorCode expected)
    {
        var error = await Assert.ThrowsAnyAsync<EdgePruneException>(() => RunAsync($$"""echo '{"event":"failed","code":{{code}},"message":"{{message.Replace("'", "\\u0027", StringComparison.Ordinal)}}"}'; exit 1"""));

        Assert.Equal(expected, error.Code);
        Assert.Equal(code / 1000 == 2, error is ModelException);
        Assert.Equal($"EP{(int)expected:0000}: {message[(message.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at ? at + 2 : 0)..]}", error.Message);
    }

    [Fact]
    public async Task Run_FloodsItsErrors_IsNotHeldUp() => Assert.Equal(7, (await RunAsync($"head -c 3000000 /dev/zero | tr '\\0' x >&2\n{FakeProgram.Finish}")).Steps);

    [Fact]
    public async Task Run_DoesNotEndAfterItsAnswer_IsEnded()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => RunAsync($"{FakeProgram.Finish}\n{FakeProgram.Hang}", grace: TimeSpan.Zero));

        Assert.Contains("did not end", error.Message, StringComparison.Ordinal);
        FakeProgram.RequireGone(_folder);
    }

    [Fact]
    public async Task Run_Cancelled_AsksTheProcessAndWaitsForIt()
    {
        await RequireCancelledAsync($$"""
            stop() { touch '{{_folder["asked"]}}'; kill $!; {{FakeProgram.Finish.Replace("Completed", "Cancelled", StringComparison.Ordinal)}}; exit 130; }
            trap stop TERM
            {{Step}}
            {{FakeProgram.Hang}} > /dev/null & wait
            """, TimeSpan.FromMinutes(1));

        Assert.True(File.Exists(_folder["asked"]));
    }

    [Fact]
    public Task Run_CancelledAndDeaf_IsEndedAfterTheGrace() => RequireCancelledAsync($"trap '' TERM\n{Step}\n{FakeProgram.Hang}", TimeSpan.Zero);

    [Fact]
    public async Task Run_StoppedBySomebodyElse_IsAnError()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => RunAsync(FakeProgram.Finish.Replace("Completed", "Cancelled", StringComparison.Ordinal)));

        Assert.Contains("somebody else", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_AProgramThatIsNone_SaysWhatToDo()
    {
        var shell = Shell(("EDGEPRUNE_TRAINER", _folder["none"]));
        Assert.Equal(ErrorCode.FileNotFound, (await Assert.ThrowsAsync<InputException>(() => TrainingProcess.FindAsync(shell, TestContext.Current.CancellationToken))).Code);

        var text = _folder.Write("text", "no program"u8.ToArray());
        var process = await TrainingProcess.FindAsync(Shell(("EDGEPRUNE_TRAINER", text)), TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCode.TrainingUnavailable, (await Assert.ThrowsAsync<InputException>(() => process.RunAsync(Request(), null, TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task Find_InAClone_LetsTheScriptBuildAndTellsTheUser()
    {
        var program = FakeProgram.Write(_folder, FakeProgram.Finish);
        var script = FakeProgram.WriteScript(_folder, $"#!/bin/bash\n[ \"$1\" = --build-trainer ] || exit 1\necho 'building, once' >&2\necho '{program}'", "edgeprune");
        var shell = Shell(("EDGEPRUNE_SCRIPT", script));

        var process = await TrainingProcess.FindAsync(shell, TestContext.Current.CancellationToken);

        Assert.Equal(7, (await process.RunAsync(Request(), null, TestContext.Current.CancellationToken)).Steps);
        Assert.Contains("building, once", shell.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'no network' >&2; exit 2")]
    [InlineData("echo /nowhere/at/all")]
    [InlineData("exit 0")]
    public async Task Find_InACloneThatCannotBuild_SaysSo(string body)
    {
        var script = FakeProgram.WriteScript(_folder, $"#!/bin/bash\n{body}", "edgeprune");

        var error = await Assert.ThrowsAsync<InputException>(() => TrainingProcess.FindAsync(Shell(("EDGEPRUNE_SCRIPT", script)), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.TrainingUnavailable, error.Code);
    }

    public void Dispose() => _folder.Dispose();

    private const string Step = """echo '{"event":"progress","phase":"fine-tuning","epoch":1,"epochs":1,"step":1,"steps":2,"loss":0.5,"learningRate":0.001}'""";

    private async Task RequireCancelledAsync(string body, TimeSpan grace)
    {
        using var stop = new CancellationTokenSource();
        _lines.Told = stop.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Process(FakeProgram.Write(_folder, body), grace).RunAsync(Request(), _lines, stop.Token));

        FakeProgram.RequireGone(_folder);
    }

    private Task<TrainingFinished> RunAsync(string body, TimeSpan? grace = null) =>
        Process(FakeProgram.Write(_folder, body), grace).RunAsync(Request(), _lines, TestContext.Current.CancellationToken);

    private static TrainingProcess Process(string program, TimeSpan? grace = null) => new(new TrainingProgramFile(program, [])) { Grace = grace ?? TimeSpan.FromMinutes(1) };

    private static FineTuneRequest Request() => new("model.onnx", new SampleReference("digits"), "out.onnx", new FineTuneRecipe { Training = new TrainingOptions { Epochs = 3 } });

    private static ToolShell Shell((string Name, string Value) variable) => new()
    {
        Out = TextWriter.Null,
        Error = new StringWriter(),
        Environment = name => name == variable.Name ? variable.Value : null,
    };

    private sealed class Lines : IProgress<TrainingLine>
    {
        public List<TrainingLine> All { get; } = [];

        public Action Told { get; set; } = () => { };

        public void Report(TrainingLine value)
        {
            All.Add(value);
            Told();
        }
    }
}
