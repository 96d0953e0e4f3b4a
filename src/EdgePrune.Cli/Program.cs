using System.Runtime.InteropServices;
using EdgePrune.Cli;
using EdgePrune.Profiler;

// Before anything can touch ONNX Runtime, which reads the variable once.
NativeEnvironment.DisableTelemetry();
if (args is [MeasuringWorker.Verb])
{
    using var input = Console.OpenStandardInput();
    using var output = Console.OpenStandardOutput();
    return MeasuringWorker.Run(input, output);
}

using var stop = new CancellationTokenSource();
// Once cancelled, the work undoes what it began and the tool ends by itself; a second signal ends it at once.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
return await Tool.RunAsync(args, ToolShell.OfThisProcess(), stop.Token).ConfigureAwait(false);
