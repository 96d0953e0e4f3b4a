using System.Runtime.InteropServices;
using EdgePrune.Training;

// The process is stopped by its parent or by Ctrl-C; both end the step at hand and keep what was learnt.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
#pragma warning disable RS0030 // The program speaks with its parent over standard output.
using var output = Console.OpenStandardOutput();
#pragma warning restore RS0030
return TrainingProgram.Run(args, output, stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
