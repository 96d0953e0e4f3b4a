using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Device;
using EdgePrune.Profiler;
using PinTrigger;

// A board with a button and a lamp. At each press the model looks at the newest frame, and the lamp is lit when it sees the wanted class.
// The agent runs in this process: it enrols, and swaps the model under the application when the hub has a better one.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: PinTrigger FRAME CLASS [agent options]");
    Console.Error.WriteLine("  FRAME   file with the bytes of the model's input, which a camera writes");
    Console.Error.WriteLine("  CLASS   number of the class that lights the lamp");
    Console.Error.WriteLine("  PINTRIGGER_BUTTON and PINTRIGGER_LAMP name the pins; without them, lines of the standard input are presses.");
    Console.Error.WriteLine("  EDGEPRUNE_WORKER names the agent program, which tries each new model in a process of its own.");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    var options = AgentOptions.Read(args[2..]);
    if (Environment.GetEnvironmentVariable("EDGEPRUNE_WORKER") is { } worker)
    {
        options = options with { Worker = new MeasuringProgram(worker, []) };
    }

    using var pins = Open();
    await using var edge = EmbeddedAgent.Start(options);
    var waiting = edge.Model.WaitAsync(stop.Token);
    await await Task.WhenAny(waiting, edge.Ended);
    edge.Model.Swapped += (_, _) => Console.WriteLine($"model: version {edge.Model.Current?.Version}");
    Console.WriteLine($"ready: version {edge.Model.Current?.Version}");
    while (await pins.PressedAsync(stop.Token))
    {
        pins.Light(Seen(edge.Model, args[0]) == int.Parse(args[1], CultureInfo.InvariantCulture));
    }

    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (EdgePruneException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static IPins Open() =>
    int.TryParse(Environment.GetEnvironmentVariable("PINTRIGGER_BUTTON"), out var button) && int.TryParse(Environment.GetEnvironmentVariable("PINTRIGGER_LAMP"), out var lamp)
        ? new BoardPins(button, lamp)
        : new SimulatedPins(Console.In, Console.Out);

// The frame is read into the model's own memory; a call that began ends on the model it began with.
static int Seen(ModelRuntime model, string path)
{
    using var call = model.Begin();
    using var frame = File.OpenRead(path);
    frame.ReadExactly(call.Inputs[0].Bytes);
    call.Run();
    return TensorPrimitives.IndexOfMax(MemoryMarshal.Cast<byte, float>(call.Outputs[0].Bytes));
}
