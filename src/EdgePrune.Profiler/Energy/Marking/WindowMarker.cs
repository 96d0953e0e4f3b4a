namespace EdgePrune.Profiler;

/// <summary>Marks windows on a line, as <see cref="MarkerCode"/> says, so that an external analyser can cut them out.</summary>
/// <param name="pin">The line; disposed of with this.</param>
/// <param name="clock">Clock of the pulses.</param>
/// <param name="code">The code, or null for the default.</param>
public sealed class WindowMarker(IMarkerPin pin, TimeProvider clock, MarkerCode? code = null) : IDisposable
{
    private readonly MarkerCode _code = code ?? MarkerCode.Default;
    private byte _number;

    /// <summary>Sends the window's number and raises the line: the window begins now.</summary>
    public void Begin()
    {
        SendWord(_number);
        pin.Write(true);
    }

    /// <summary>Lowers the line, the window has ended, and sends its number turned over.</summary>
    public void End()
    {
        pin.Write(false);
        SendWord((byte)~_number);
        _number++;
    }

    /// <summary>Releases the line.</summary>
    public void Dispose() => pin.Dispose();

    private void SendWord(byte number)
    {
        Hold(MarkerCode.RestUnits);
        foreach (var units in MarkerCode.Pulses(number))
        {
            pin.Write(true);
            Hold(units);
            pin.Write(false);
            Hold(1);
        }

        Hold(MarkerCode.RestUnits - 1);
    }

    // Spinning: a sleep of a millisecond may take two, and a long pulse must stay apart from a short one.
    private void Hold(int units)
    {
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < units * _code.Unit)
        {
            Thread.SpinWait(20);
        }
    }
}
