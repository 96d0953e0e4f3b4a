using System.Runtime.InteropServices;
using EdgePrune.Training;
using Microsoft.Win32.SafeHandles;

// The process is stopped by its parent or by Ctrl-C; both end the step at hand and keep what was learnt.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var parent = new ParentWatch(stop.Cancel, TimeProvider.System);

// As files, because the console's streams say nothing when nobody reads any more.
using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
return TrainingProgram.Run(input, output, stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
