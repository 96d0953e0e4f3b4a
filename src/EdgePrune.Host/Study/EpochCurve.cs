namespace EdgePrune.Host;

/// <summary>How many epochs of fine-tuning the rates of a method need, from measured cells in float.</summary>
/// <param name="Method">The method.</param>
/// <param name="Tolerance">Points below the original that count as no loss.</param>
/// <param name="OriginalScore">Score of the original.</param>
/// <param name="Needs">What each measured rate needs, by ascending rate.</param>
public sealed record EpochCurve(StudyMethod Method, double Tolerance, double OriginalScore, IReadOnlyList<EpochNeed> Needs)
{
    /// <summary>The need as a line, when at least three rates resolve one; else null. <value>Default: null.</value></summary>
    public EpochLine? Line { get; init; }

    /// <summary>Whether the measured need grows with the rate and never falls; a rate that is out of reach needs more than any other.</summary>
    public bool Rises => Needs.Count > 1
        && Needs.Zip(Needs.Skip(1)).All(p => Rank(p.First) <= Rank(p.Second))
        && Rank(Needs[0]) < Rank(Needs[^1]);

    /// <summary>The epochs that a rate needs about, or null when no measured rate as high was brought within the tolerance.</summary>
    /// <param name="rate">The rate, above 0 and below 1.</param>
    /// <returns>Epochs; the rate need not have been measured.</returns>
    public double? At(double rate)
    {
        var above = Needs.FirstOrDefault(n => n.Rate >= rate - 1e-9);
        var below = Needs.LastOrDefault(n => n.Rate <= rate + 1e-9);
        return (below, above) switch
        {
            (_, null or { Fitted: null }) => null,
            (null, { Fitted: { } least }) => least,
            ({ Fitted: null }, { Fitted: { } most }) => most,
            ({ Fitted: { } low }, { Fitted: { } high }) when above.Rate > below.Rate => Between(low, high, (rate - below.Rate) / (above.Rate - below.Rate)),
            _ => above.Fitted,
        };
    }

    private static double Rank(EpochNeed need) => need.Epochs ?? double.PositiveInfinity;

    // Epochs count by their logarithm: the second helps as much as the third and fourth together.
    private static double Between(double low, double high, double share) => EpochLine.Epochs((EpochLine.Logarithm(low) * (1 - share)) + (EpochLine.Logarithm(high) * share));
}

/// <summary>What one rate needs.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Loss">Points lost after the most epochs, after monotone regression over epochs.</param>
/// <param name="MostEpochs">The most epochs that were measured.</param>
/// <param name="Epochs">Smallest measured number of epochs after which the loss is within the tolerance, or null when none is.</param>
/// <param name="Crossing">Where the loss falls below the tolerance, between measured numbers of epochs; null when it does not.</param>
public sealed record EpochNeed(double Rate, double Loss, int MostEpochs, int? Epochs = null, double? Crossing = null)
{
    /// <summary>The crossing after monotone regression over rates, or null. <value>Default: null.</value></summary>
    public double? Fitted { get; set; }

    /// <summary>Smallest measured number of epochs after which the loss is within the tolerance of the least that was measured for this rate.</summary>
    public int Enough { get; set; }
}

/// <summary>The need as a line: <c>log(1 + epochs) = Intercept + Slope * rate</c>.</summary>
/// <param name="Intercept">The value at rate 0.</param>
/// <param name="Slope">The rise from rate 0 to 1.</param>
/// <param name="Rates">Measured rates that the line rests on.</param>
public sealed record EpochLine(double Intercept, double Slope, int Rates)
{
    /// <summary>The epochs that a rate needs by the line.</summary>
    /// <param name="rate">The rate.</param>
    /// <returns>Epochs, not below 0.</returns>
    public double At(double rate) => Epochs(Intercept + (Slope * rate));

    internal static double Logarithm(double epochs) => Math.Log(1 + epochs);

    internal static double Epochs(double logarithm) => Math.Max(0, Math.Exp(logarithm) - 1);
}
