using System.Globalization;
using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Turns decisions into a model of small sizes.</summary>
internal sealed class RandomGraphInterpreter
{
    private static readonly int[] Opsets = [17, 11, 21, 13, 9];

    private readonly int _seed;
    private readonly GraphBuilder _g;
    private readonly Dim _batch;
    private readonly Func<RandomLayout, IReadOnlyList<RandomStep>> _steps;
    private readonly List<RandomValue> _values = [];
    private readonly List<string> _log = [];

    private RandomGraphInterpreter(int seed, int opset, Dim batch, Func<RandomLayout, IReadOnlyList<RandomStep>> steps)
    {
        (_seed, _g, _batch, _steps) = (seed, new GraphBuilder(seed, opset), batch, steps);
        _log.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, opset {opset}, batch {batch.Size?.ToString(CultureInfo.InvariantCulture) ?? "free"}"));
    }

    private bool IsPlain { get; init; }

    /// <summary>Common operators on one image.</summary>
    public static RandomGraphInterpreter Plain(int seed)
    {
        var plain = new RandomGraphInterpreter(seed, 17, Dim.FromInt64(1 + (seed % 2)), RandomSteps.PlainOf) { IsPlain = true };
        plain.Start(RandomLayout.Image);
        return plain;
    }

    /// <summary>All operators; the seed gives operator set, first layout and the form of batch and weights.</summary>
    public static RandomGraphInterpreter Any(int seed)
    {
        var opset = Opsets[seed % Opsets.Length];
        var steps = Enum.GetValues<RandomLayout>().ToDictionary(l => l, l => RandomSteps.AllOf(l).Where(s => opset >= s.Since && opset <= s.Until).ToList());
        var any = new RandomGraphInterpreter(seed, opset, seed % 7 == 3 ? new Dim(null, "batch") : Dim.FromInt64(1 + (seed % 2)), layout => steps[layout]);
        any.Start((seed % 8) switch { 3 => RandomLayout.Vector, 5 => RandomLayout.Signal, 6 => RandomLayout.Tokens, 7 => RandomLayout.Volume, _ => RandomLayout.Image });
        return any;
    }

    public RandomGraph Run(IEnumerable<RandomDecision> decisions)
    {
        foreach (var decision in decisions)
        {
            var source = _values[Math.Max(0, _values.Count - 1 - decision.Source)];
            var steps = _steps(source.Layout);
            Apply(steps[decision.Step % steps.Count], source, decision);
        }

        foreach (var end in _values.Where(v => v.Value is { Uses.Count: 0, IsGraphOutput: false }).ToList())
        {
            Head(end);
        }

        var model = IsPlain ? _g.Build() : RandomWeightForms.Apply(_g.Build(), _seed, _log);
        return new RandomGraph(model, string.Join("; ", _log));
    }

    private void Apply(RandomStep step, RandomValue source, RandomDecision decision)
    {
        var results = step.Apply(_g, source.Value, new RandomChoice(decision, Partner(source, decision), NewInput))
            .Select(v => new RandomValue(v, step.To ?? LayoutOf(v, source)))
            .ToList();
        _values.AddRange(results);
        if (results.Count > 0)
        {
            _log.Add(string.Create(CultureInfo.InvariantCulture, $"{step.Name}({source.Value.Name}; {decision.Other}, {decision.Amount}, {decision.Form}) -> {string.Join(" ", results.Select(r => r.Value))}"));
        }
    }

    private void Start(RandomLayout layout)
    {
        var channels = 4 + (2 * (_seed % 3));
        var value = layout switch
        {
            RandomLayout.Vector => _g.Relu(_g.Gemm(NewInput(ElementType.Float32, [5]), channels)),
            RandomLayout.Signal => _g.Relu(RandomLayers.Conv(_g, NewInput(ElementType.Float32, [3, 8]), channels, 3)),
            RandomLayout.Volume => _g.Relu(RandomLayers.Conv(_g, NewInput(ElementType.Float32, [2, 3, 4, 4]), channels, 3)),
            RandomLayout.Tokens => _g.Add(_g.MatMul(NewInput(ElementType.Float32, [4, 5]), channels), _g.Weight(0.3f, channels)),
            _ => _g.Relu(_g.Conv(NewInput(ElementType.Float32, [3, 6, 6]), channels)),
        };
        _values.Add(new RandomValue(value, layout));
    }

    private Value NewInput(ElementType type, long[] dims) => _g.Input(type, [_batch, .. dims.Select(Dim.FromInt64)]);

    private RandomLayout LayoutOf(Value value, RandomValue source) => _g.Shape(value).Length switch
    {
        2 => RandomLayout.Vector,
        3 => source.Layout == RandomLayout.Tokens ? RandomLayout.Tokens : RandomLayout.Signal,
        4 => RandomLayout.Image,
        _ => RandomLayout.Volume,
    };

    // A value of the same layout, so that a step can join or add them; the value itself when there is no other.
    private Value Partner(RandomValue x, RandomDecision decision)
    {
        var same = _values.Where(v => v.Layout == x.Layout).ToList();
        return same[^(1 + (decision.Other % same.Count))].Value;
    }

    private void Head(RandomValue end)
    {
        var x = end.Layout switch
        {
            RandomLayout.Vector => end.Value,
            RandomLayout.Tokens => _g.ReduceMean(end.Value, false, 1),
            _ => _g.Flatten(_g.GlobalAveragePool(end.Value)),
        };
        _g.Output(_g.Gemm(x, 3));
    }
}
