using System.Globalization;
using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>All cells of one model, and what they say.</summary>
/// <param name="Model">The model.</param>
/// <param name="Original">Accuracy of the original in percent.</param>
/// <param name="Before">What the original costs.</param>
/// <param name="Cells">The cells of every method and rate, one for each draw.</param>
internal sealed record RivalTable(RivalModel Model, double Original, Footprint Before, IReadOnlyDictionary<(RivalMethod Method, double Rate), IReadOnlyList<RivalCell>> Cells)
{
    public IReadOnlyList<double> Rates { get; } = [.. Cells.Keys.Select(k => k.Rate).Distinct()];

    /// <summary>The rate as a heading.</summary>
    public string Heading(double rate) => Model.Unit == RateUnit.Macs
        ? string.Create(CultureInfo.InvariantCulture, $"{1 - rate:0.##} x MACs")
        : string.Create(CultureInfo.InvariantCulture, $"{100 * rate:0.#} % of channels");

    public Scores Accuracy(RivalMethod method, double rate) => new([.. Cells[(method, rate)].Select(c => c.Score.Accuracy)]);

    /// <summary>The rival with the highest mean accuracy at a rate.</summary>
    public RivalMethod BestRival(double rate) => RivalMethod.All.Where(m => !m.IsOurs && !m.IsMixed).MaxBy(m => Accuracy(m, rate).Mean)!;

    /// <summary>The best of the product's methods at a rate.</summary>
    public RivalMethod BestOfOurs(double rate) => RivalMethod.All.Where(m => m.IsOurs).MaxBy(m => Accuracy(m, rate).Mean)!;

    /// <summary>Points by which a method's mean is above another's.</summary>
    public double Lead(RivalMethod method, RivalMethod other, double rate) => Accuracy(method, rate).Mean - Accuracy(other, rate).Mean;

    /// <summary>Mean of a figure over the draws.</summary>
    public double Mean(RivalMethod method, double rate, Func<RivalCell, double> figure) => Cells[(method, rate)].Average(figure);
}
