using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Seconds of one measured form of a model, by the nodes that its kernels were made of.</summary>
internal sealed class FormTimes
{
    private readonly Dictionary<Node, (double Seconds, bool IsInteger)> _nodes = [];
    private readonly List<(Value Value, double Seconds)> _conversions = [];

    /// <summary>Seconds of the conversions of each value, by its name.</summary>
    public IReadOnlyDictionary<string, double> Conversions => _conversions.GroupBy(c => c.Value.Name).ToDictionary(g => g.Key, g => g.Sum(c => c.Seconds));

    /// <summary>Leads a form's operators back to nodes.</summary>
    /// <param name="operators">Its operators, with some time among them.</param>
    /// <param name="names">The model's names.</param>
    /// <param name="precision">What the form is in: of int8 only the integer kernels must lead to nodes.</param>
    /// <param name="whole">Seconds of the whole form where that was timed, or null for the sum of its operators.</param>
    /// <exception cref="InputException">Most of the time of its weighted kernels leads to no node: it is of another model.</exception>
    public static FormTimes Of(IReadOnlyList<OperatorTime> operators, KernelNames names, Precision precision, double? whole = null)
    {
        var times = new FormTimes();
        var (known, weighted, weightedKnown) = (0.0, 0.0, 0.0);
        foreach (var one in operators)
        {
            var seconds = one.Mean.TotalSeconds;
            var isKnown = times.Add(one, seconds, names);
            known += isKnown ? seconds : 0;
            if (IsWeighted(one.OperatorType) && (precision == Precision.Float32 || IntegerOperators.IsKernel(one.OperatorType)))
            {
                weighted += seconds;
                weightedKnown += isKnown ? seconds : 0;
            }
        }

        if (weightedKnown <= 0 || weightedKnown < weighted / 2)
        {
            var share = weighted > 0 ? 100 * weightedKnown / weighted : 0;
            throw new InputException(ErrorCode.InvalidOption,
                $"The {(precision == Precision.Int8 ? "int8" : "float")} profile is not of this model: {share:0} % of the time of its operators with weights leads to nodes of it, expected at least 50 %. Profile this model and an int8 form of it.");
        }

        times.Spread((whole ?? operators.Sum(o => o.Mean.TotalSeconds)) / known);
        return times;
    }

    /// <summary>Seconds of a node, or null when the form does not show it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="integersOnly">Whether a node that ran in float counts as not shown.</param>
    public double? Of(Node node, bool integersOnly = false) =>
        _nodes.TryGetValue(node, out var time) && (time.IsInteger || !integersOnly) ? time.Seconds : null;

    /// <summary>
    /// Adds to the conversions what the nodes that ran in float took more than in the float form: only a border near them makes them slower, by changes
    /// of layout and merges that it prevents.
    /// </summary>
    /// <param name="inFloat">Times of the float form.</param>
    public void ChargeBorders(FormTimes inFloat)
    {
        var more = _nodes.Where(n => !n.Value.IsInteger).Sum(n => n.Value.Seconds - (inFloat.Of(n.Key) ?? 0));
        var seconds = _conversions.Sum(c => c.Seconds);
        if (more > 0 && seconds > 0)
        {
            ScaleConversions(1 + (more / seconds));
        }
    }

    /// <summary>Mean seconds for one multiply-accumulate of nodes with weights, and for one element of activations' nodes without, where there are any.</summary>
    /// <param name="work">Work of each node.</param>
    /// <param name="integersOnly">Whether only nodes that ran in integers count.</param>
    public (double Weighted, double? Other) MeanOf(IReadOnlyDictionary<Node, double> work, bool integersOnly = false)
    {
        return (Mean(QuantizationRule.Weighted) ?? 0, Mean(QuantizationRule.Activation));

        double? Mean(QuantizationRule rule)
        {
            Node[] shown = [.. work.Keys.Where(n => UnitFinder.RuleOf(n) == rule && Of(n, integersOnly) is not null)];
            var amount = shown.Sum(n => work[n]);
            return amount > 0 ? shown.Sum(n => _nodes[n].Seconds) / amount : null;
        }
    }

    /// <summary>Seconds for converting one element, or null when no conversion was measured.</summary>
    /// <param name="statistics">Sizes of the values.</param>
    public double? PerConvertedElement(CalibrationStatistics statistics)
    {
        var sized = _conversions.Where(c => statistics.Find(c.Value) is not null).ToList();
        var (elements, seconds) = (sized.Sum(c => (double)statistics.Find(c.Value)!.Count), sized.Sum(c => c.Seconds));
        return elements > 0 && seconds > 0 ? seconds / elements : null;
    }

    private bool Add(OperatorTime one, double seconds, KernelNames names)
    {
        if (one.OperatorType is "QuantizeLinear" or "DequantizeLinear")
        {
            if (names.FindConverted(one.Node) is not { } value)
            {
                return false;
            }

            _conversions.Add((value, seconds));
            return true;
        }

        if (names.Find(one.Node, one.OperatorType) is not { } node)
        {
            return false;
        }

        var before = _nodes.GetValueOrDefault(node);
        var isInteger = IntegerOperators.IsKernel(one.OperatorType) || UnitFinder.RuleOf(node) == QuantizationRule.Movement;
        _nodes[node] = (before.Seconds + seconds, before.IsInteger || isInteger);
        return true;
    }

    private void Spread(double factor)
    {
        foreach (var (node, time) in _nodes.ToList())
        {
            _nodes[node] = (time.Seconds * factor, time.IsInteger);
        }

        ScaleConversions(factor);
    }

    private void ScaleConversions(double factor)
    {
        foreach (var (place, (value, seconds)) in _conversions.ToList().Index())
        {
            _conversions[place] = (value, seconds * factor);
        }
    }

    private static bool IsWeighted(string type) => KernelNames.OperatorOf(type) is "Conv" or "Gemm" or "MatMul";
}
