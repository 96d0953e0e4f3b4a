using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Brings a quantized model within a limit of what its score may lose: measures without labels what each node does to the outputs, gives
/// the nodes back to float that are worth most for the least work (or time, where a device measured it), and asks the score only whether that was enough.
/// </summary>
internal sealed class LimitSearch
{
    private const int Halvings = 3;

    private static readonly double[] Shares = [0.3, 0.5, 0.7, 0.85, 0.95, 1];

    private readonly QuantizationRecipe _start;
    private readonly QuantizationLimit _limit;
    private readonly CancellationToken _cancellation;
    private readonly List<QuantizationStep> _steps = [];
    private readonly List<(string Name, double Gain, double Cost)> _nodes = [];
    private readonly double _error;

    private LimitSearch(QuantizationRecipe start, QuantizationAttempt attempt, QuantizationLimit limit, OutputJudge judge, CancellationToken cancellationToken)
    {
        (_start, _limit, _cancellation) = (start, limit, cancellationToken);
        _error = judge.Errors(attempt.Model, cancellationToken).Average();
        foreach (var unit in attempt.Units.Where(u => u.Rule != Onnx.QuantizationRule.Movement))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = attempt.NameOf(unit);
            var without = judge.Errors(QuantizationAttempt.Make(Without(start, [name])).Model, cancellationToken).Average();
            _nodes.Add((name, Math.Max(0, _error - without), start.Costs?.LostInFloat(name) ?? UnitWork.Of(start, name)));
        }
    }

    /// <summary>Searches.</summary>
    /// <param name="start">The best recipe without a limit.</param>
    /// <param name="attempt">What it gives.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="judge">Tells how near outputs are.</param>
    /// <param name="cancellationToken">Stops between trials.</param>
    /// <returns>The cheapest recipe found within the limit, and what was tried; everything is float when nothing else is within it.</returns>
    public static (QuantizationRecipe Recipe, IReadOnlyList<QuantizationStep> Steps) Run(
        QuantizationRecipe start, QuantizationAttempt attempt, QuantizationLimit limit, OutputJudge judge, CancellationToken cancellationToken)
    {
        if (limit.Loss(attempt.Model, cancellationToken) <= limit.MaxLoss)
        {
            return (start, []);
        }

        var search = new LimitSearch(start, attempt, limit, judge, cancellationToken);
        return (search.Search(), search._steps);
    }

    private QuantizationRecipe Search()
    {
        var failed = 0.0;
        foreach (var share in Shares)
        {
            if (Try(share) is { } recipe)
            {
                return Closer(recipe, failed, share);
            }

            failed = share;
        }

        var all = Without(_start, _nodes.Select(n => n.Name));
        _steps.Add(new QuantizationStep("everything in float", 0, IsTaken: true));
        return all;
    }

    // Less may do between the share that failed and the one that was enough.
    private QuantizationRecipe Closer(QuantizationRecipe best, double failed, double enough)
    {
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (failed + enough) / 2;
            if (Try(middle) is { } recipe)
            {
                (best, enough) = (recipe, middle);
            }
            else
            {
                failed = middle;
            }
        }

        return best;
    }

    private QuantizationRecipe? Try(double share)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_error <= 0)
        {
            return null;
        }

        var chosen = FloatFallback.Choose([.. _nodes.Select(n => (n.Gain, n.Cost))], share * _error);
        var recipe = Without(_start, chosen.Select(i => _nodes[i].Name));
        var loss = _limit.Loss(QuantizationAttempt.Make(recipe).Model, _cancellation);
        var isEnough = loss <= _limit.MaxLoss;
        _steps.Add(new QuantizationStep($"{chosen.Count} nodes in float lose {loss:0.00} points", _error * (1 - share), isEnough));
        return isEnough ? recipe : null;
    }

    private static QuantizationRecipe Without(QuantizationRecipe recipe, IEnumerable<string> names)
    {
        var kept = recipe.KeepFloat.ToDictionary();
        foreach (var name in names)
        {
            kept[name] = "In int8 it costs more accuracy than the limit leaves.";
        }

        return recipe with { KeepFloat = kept };
    }
}
