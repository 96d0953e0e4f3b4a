using System.Security.Cryptography;
using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>What a bench measures: every model under all settings at all places.</summary>
/// <param name="Models">The models; the first is the reference.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Places">The places.</param>
/// <param name="Rules">How long, and which figure.</param>
/// <param name="Seed">Seed of the order.</param>
internal sealed record BenchPlan(
    IReadOnlyList<BenchModel> Models, IReadOnlyList<ProfileSettings> Settings, IReadOnlyList<IBenchPlace> Places, BenchRules Rules, int Seed = 1)
{
    /// <summary>The first run of every cell, in the order of the report.</summary>
    public IReadOnlyList<BenchCell> Cells =>
        [.. from place in Places from settings in Settings from model in Models select new BenchCell(model, settings, place)];

    /// <summary>
    /// All runs in the order of measuring: one round for each place, run and settings, in which all models follow each other in an order that the
    /// seed draws. What is compared is measured near to each other, and no model is always the first.
    /// </summary>
    public IReadOnlyList<BenchCell> InRounds()
    {
        var rounds = from place in Places
                     from run in Enumerable.Range(1, Rules.Runs)
                     from settings in Settings
                     select Models.Select(model => new BenchCell(model, settings, place, run));
        return [.. rounds.SelectMany((round, i) => round.OrderBy(c => Draw(i, c.Model), StringComparer.Ordinal))];
    }

    private string Draw(int round, BenchModel model) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed} {round} {model.Sha256} {model.Content}")));
}
