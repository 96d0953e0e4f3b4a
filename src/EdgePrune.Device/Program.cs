using EdgePrune.Contracts;
using EdgePrune.Device;
using EdgePrune.Profiler;

// Before anything can touch ONNX Runtime, which reads the variable once.
NativeEnvironment.DisableTelemetry();

try
{
    return args switch
    {
        [SelfTestWorker.Verb] => Converse(SelfTestWorker.Run),
        [MeasuringWorker.Verb] => Converse(MeasuringWorker.Run),
        [InferVerb.Verb, var model] => Converse((input, output) => InferVerb.Run(model, input, output)),
        ["--help" or "-h" or "help", ..] => Print(AgentHelp.Text),
        ["--version"] => Print(AgentVersion.Text),
        _ => (int)await AgentProgram.RunAsync(args).ConfigureAwait(false),
    };
}
catch (EdgePruneException e)
{
#pragma warning disable RS0030 // There is no log before there are options, and standard output may be for a model's outputs.
    await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
#pragma warning restore RS0030
    return (int)ExitCode.InvalidOptions;
}

static int Converse(Func<Stream, Stream, int> worker)
{
#pragma warning disable RS0030 // A child process speaks with its parent over standard input and output.
    using var input = Console.OpenStandardInput();
    using var output = Console.OpenStandardOutput();
#pragma warning restore RS0030
    return worker(input, output);
}

static int Print(string text)
{
#pragma warning disable RS0030 // Help and version are this program's only output that is not a log.
    Console.Out.WriteLine(text);
#pragma warning restore RS0030
    return (int)ExitCode.Stopped;
}
