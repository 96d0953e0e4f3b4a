namespace EdgePrune.Profiler;

/// <summary>
/// How a window is marked on one line. Around each window goes a word of pulses: three short ones (the preamble), then
/// eight bits of the window's number, the highest first, a long pulse for 1 and a short one for 0, then one for even parity.
/// After the word the line rises and stays high for the window; it falls at the window's end, and the same word with every
/// bit of the number turned over follows. A number that does not match, or a gap in the numbers, shows what was lost.
/// </summary>
/// <param name="Unit">Length of a short pulse, and of the pause after any pulse. A long pulse has three.</param>
public sealed record MarkerCode(TimeSpan Unit)
{
    /// <summary>Pulses of the preamble.</summary>
    public const int Preamble = 3;

    /// <summary>Bits of the number.</summary>
    public const int Bits = 8;

    /// <summary>Units of a long pulse.</summary>
    public const int LongUnits = 3;

    /// <summary>Units that the line rests low before the first pulse of a word and after its last.</summary>
    public const int RestUnits = 4;

    /// <summary>The code with the default unit of 1 ms: an analyser that samples 4,000 times a second reads it.</summary>
    public static MarkerCode Default { get; } = new(TimeSpan.FromMilliseconds(1));

    /// <summary>Lengths of a word's pulses in units.</summary>
    /// <param name="number">The number. Range: 0 to 255.</param>
    /// <returns>1 or <see cref="LongUnits"/> for each pulse.</returns>
    public static IReadOnlyList<int> Pulses(byte number)
    {
        List<int> pulses = [.. Enumerable.Repeat(1, Preamble)];
        for (var bit = Bits - 1; bit >= 0; bit--)
        {
            pulses.Add((number >> bit & 1) != 0 ? LongUnits : 1);
        }

        pulses.Add(byte.PopCount(number) % 2 != 0 ? LongUnits : 1);
        return pulses;
    }
}
