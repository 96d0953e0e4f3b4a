namespace EdgePrune.TestKit;

/// <summary>Seeded numbers.</summary>
internal static class Numbers
{
    public static float[] Uniform(Random random, long count, float low = -1, float high = 1)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = low + ((high - low) * random.NextSingle());
        }

        return values;
    }
}
