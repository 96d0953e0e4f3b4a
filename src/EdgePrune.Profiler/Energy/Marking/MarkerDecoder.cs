using System.Globalization;

namespace EdgePrune.Profiler;

/// <summary>
/// Finds windows in the edges that an analyser recorded. A window counts only between a word and the same word turned over, so
/// that a spurious edge makes a window missing, and named, and never wrong.
/// </summary>
/// <param name="code">The code, or null for the default.</param>
public sealed class MarkerDecoder(MarkerCode? code = null)
{
    private const double GlitchUnits = 0.3;
    private const double Tolerance = 0.6;
    private const int WordPulses = MarkerCode.Preamble + MarkerCode.Bits + 1;

    private readonly TimeSpan _unit = (code ?? MarkerCode.Default).Unit;

    /// <summary>Decodes a recording.</summary>
    /// <param name="edges">Every change of the line in order of time.</param>
    /// <returns>The windows and what was rejected.</returns>
    public MarkerTrace Decode(IReadOnlyList<MarkerEdge> edges)
    {
        var pulses = Pulses(edges);
        List<MarkedWindow> windows = [];
        List<string> rejected = [];
        for (var i = 0; i < pulses.Count;)
        {
            if (Word(pulses, i) is not { } number)
            {
                i++;
                continue;
            }

            // A word that ends a window whose beginning was lost has nothing long after it.
            var window = i + WordPulses;
            if (window < pulses.Count && Word(pulses, window + 1) == (byte)~number)
            {
                windows.Add(new MarkedWindow(number, pulses[window].Start, pulses[window].End));
                i = window + 1 + WordPulses;
            }
            else
            {
                rejected.Add(string.Create(CultureInfo.InvariantCulture, $"A word with the number {number} at {pulses[i].Start.TotalSeconds:0.000} s has no window and matching word after it."));
                i++;
            }
        }

        AddMissing(windows, rejected);
        return new MarkerTrace(windows, rejected);
    }

    private static void AddMissing(List<MarkedWindow> windows, List<string> rejected)
    {
        for (var i = 1; i < windows.Count; i++)
        {
            var missing = (byte)(windows[i].Number - windows[i - 1].Number - 1);
            if (missing != 0)
            {
                rejected.Add(string.Create(CultureInfo.InvariantCulture, $"{missing} window(s) between number {windows[i - 1].Number} and {windows[i].Number} are missing."));
            }
        }
    }

    /// <summary>Stretches of a high line; what is shorter than a glitch, high or low, is taken for noise and closed.</summary>
    private List<(TimeSpan Start, TimeSpan End)> Pulses(IReadOnlyList<MarkerEdge> edges)
    {
        List<(TimeSpan Start, TimeSpan End)> pulses = [];
        TimeSpan? start = null;
        foreach (var edge in edges)
        {
            if (edge.High)
            {
                start ??= edge.At;
            }
            else if (start is { } from)
            {
                pulses.Add((from, edge.At));
                start = null;
            }
        }

        var glitch = GlitchUnits * _unit;
        for (var i = pulses.Count - 1; i > 0; i--)
        {
            if (pulses[i].Start - pulses[i - 1].End < glitch && IsWhole(pulses[i], glitch) && IsWhole(pulses[i - 1], glitch))
            {
                pulses[i - 1] = (pulses[i - 1].Start, pulses[i].End);
                pulses.RemoveAt(i);
            }
        }

        pulses.RemoveAll(p => !IsWhole(p, glitch));
        return pulses;
    }

    private static bool IsWhole((TimeSpan Start, TimeSpan End) pulse, TimeSpan glitch) => pulse.End - pulse.Start >= glitch;

    private byte? Word(List<(TimeSpan Start, TimeSpan End)> pulses, int from)
    {
        if (from + WordPulses > pulses.Count)
        {
            return null;
        }

        int number = 0, parity = 0;
        for (var i = 0; i < WordPulses; i++)
        {
            var pulse = pulses[from + i];
            if (Bit(pulse) is not { } bit || (i < MarkerCode.Preamble && bit) || (i > 0 && !Lasts(pulse.Start - pulses[from + i - 1].End, 1)))
            {
                return null;
            }

            parity ^= bit ? 1 : 0;
            number = i is >= MarkerCode.Preamble and < MarkerCode.Preamble + MarkerCode.Bits ? (number << 1) | (bit ? 1 : 0) : number;
        }

        return parity == 0 ? (byte)number : null;
    }

    private bool? Bit((TimeSpan Start, TimeSpan End) pulse)
    {
        var length = pulse.End - pulse.Start;
        return Lasts(length, MarkerCode.LongUnits) ? true : Lasts(length, 1) ? false : null;
    }

    private bool Lasts(TimeSpan length, int units) => Math.Abs((length / _unit) - units) <= Tolerance;
}
