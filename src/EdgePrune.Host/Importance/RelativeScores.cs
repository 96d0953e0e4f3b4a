namespace EdgePrune.Host;

/// <summary>Joins figures of different units into one score.</summary>
internal static class RelativeScores
{
    /// <summary>Mean of the parts, each relative to its own mean; a part that is zero throughout adds nothing.</summary>
    /// <param name="channels">Number of channels.</param>
    /// <param name="parts">Figures that are not negative, one for each channel.</param>
    public static double[] Mean(int channels, IReadOnlyList<double[]> parts)
    {
        var scores = new double[channels];
        foreach (var part in parts)
        {
            var mean = part.Average();
            for (var c = 0; c < channels && mean > 0; c++)
            {
                scores[c] += part[c] / mean / parts.Count;
            }
        }

        return scores;
    }
}
