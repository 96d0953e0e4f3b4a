using System.Globalization;
using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Turns decisions into a model. Images are [N, C, H, W] with small sizes, vectors [N, C].</summary>
internal sealed class RandomGraphInterpreter
{
    private readonly GraphBuilder _g;
    private readonly List<Value> _values = [];
    private readonly List<string> _log = [];

    public RandomGraphInterpreter(int seed)
    {
        _g = new GraphBuilder(seed);
        _values.Add(_g.Relu(_g.Conv(_g.Input(1 + (seed % 2), 3, 6, 6), 4 + (2 * (seed % 3)))));
        _log.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
    }

    public RandomGraph Run(IEnumerable<RandomDecision> decisions)
    {
        foreach (var decision in decisions)
        {
            var x = Back(decision.Source);
            var steps = _g.Shape(x).Length == 4 ? RandomSteps.OfImages : RandomSteps.OfVectors;
            var step = steps[decision.Step % steps.Count];
            var before = _values.Count;
            _values.AddRange(step.Apply(_g, x, new RandomChoice(decision, Others(x, decision))));
            if (_values.Count > before)
            {
                _log.Add(string.Create(CultureInfo.InvariantCulture, $"{step.Name}({x.Name}; {decision.Other}, {decision.Amount}) -> {string.Join(" ", _values.Skip(before))}"));
            }
        }

        foreach (var end in _values.Where(v => v.Uses.Count == 0).ToList())
        {
            Head(end);
        }

        return new RandomGraph(_g.Build(), string.Join("; ", _log));
    }

    private Value Back(int steps) => _values[Math.Max(0, _values.Count - 1 - steps)];

    // Values of the same rank, so that a step can join or add them; the value itself when there is no other.
    private Value Others(Value x, RandomDecision decision)
    {
        var same = _values.Where(v => _g.Shape(v).Length == _g.Shape(x).Length).ToList();
        return same[^(1 + (decision.Other % same.Count))];
    }

    private void Head(Value end)
    {
        var x = _g.Shape(end).Length == 4 ? _g.Flatten(_g.GlobalAveragePool(end)) : end;
        _g.Output(_g.Gemm(x, 3));
    }
}

/// <summary>What a step may choose from.</summary>
/// <param name="Decision">The drawn numbers.</param>
/// <param name="Partner">Another value of the same rank.</param>
internal sealed record RandomChoice(RandomDecision Decision, Value Partner)
{
    public int Amount => Decision.Amount;

    public bool Flag => Decision.Other % 2 == 1;
}

/// <summary>One kind of step.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Apply">Adds nodes and gives the values to go on with; none when it does not fit the value.</param>
internal sealed record RandomStep(string Name, Func<GraphBuilder, Value, RandomChoice, IEnumerable<Value>> Apply);
