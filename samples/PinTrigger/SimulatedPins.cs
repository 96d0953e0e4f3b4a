namespace PinTrigger;

/// <summary>A board without a button: every line of the input is a press, and the lamp is a line of the output.</summary>
internal sealed class SimulatedPins(TextReader presses, TextWriter lamp) : IPins
{
    public async Task<bool> PressedAsync(CancellationToken stop) => await presses.ReadLineAsync(stop) is not null;

    public void Light(bool on) => lamp.WriteLine(on ? "lamp on" : "lamp off");

    public void Dispose()
    {
    }
}
