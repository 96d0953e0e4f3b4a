namespace EdgePrune.Training;

/// <summary>Seeds of independent draws from one seed and numbers that say which draw it is.</summary>
internal static class HashSeed
{
    /// <summary>A seed for draw number <paramref name="first"/>, <paramref name="second"/>. The mixing is SplitMix64's (Steele, Lea and Flood, 2014).</summary>
    public static int Of(int seed, int first, int second = 0) => (int)Mix(Mix(Mix((ulong)(uint)seed) ^ (uint)first) ^ (uint)second);

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
