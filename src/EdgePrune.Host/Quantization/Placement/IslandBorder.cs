using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A value that may have to be converted: who makes it and who reads it.</summary>
/// <param name="Conversion">What converting it costs.</param>
/// <param name="Producer">Number of the unit that makes it, or null for none.</param>
/// <param name="Readers">Numbers of the units that read it.</param>
internal sealed record IslandBorder(double Conversion, int? Producer, IReadOnlyList<int> Readers)
{
    /// <summary>Whether it is int8 from the start: the bytes that a model takes.</summary>
    public bool IsGiven { get; init; }

    /// <summary>Whether somebody reads it in float whatever becomes of the units.</summary>
    public bool IsReadByFloat { get; init; }

    /// <summary>Whether its unit can hand out floats without a conversion when no reader wants int8.</summary>
    public bool GivesFloat { get; init; }

    /// <summary>
    /// Whether its unit runs in integers only with the reader: a product that hands out floats to the addition of a bias is made one float operator with it
    /// before the runtime looks for integers.
    /// </summary>
    public bool NeedsReader { get; init; }

    /// <summary>The borders of units.</summary>
    /// <param name="units">The units.</param>
    /// <param name="costs">What conversions cost.</param>
    /// <param name="given">Names of values that are int8 from the start.</param>
    public static List<IslandBorder> Of(IReadOnlyList<QuantizationUnit> units, IUnitCosts costs, Func<string, bool> given)
    {
        Dictionary<Value, int> producers = [];
        Dictionary<Node, int> cores = [];
        foreach (var (place, unit) in units.Index())
        {
            cores[unit.Core] = place;
            foreach (var output in unit.Outputs)
            {
                producers[output] = place;
            }
        }

        return [.. units.SelectMany(u => u.Inputs.Concat(u.Outputs.Where(o => o.IsUsed))).Distinct().Select(Border)];

        IslandBorder Border(Value value)
        {
            int? producer = producers.TryGetValue(value, out var place) ? place : null;
            int?[] readers = [.. value.Uses.Select(u => Reader(u))];
            return new IslandBorder(costs.Conversion(value), producer, [.. readers.OfType<int>().Distinct()])
            {
                IsGiven = given(value.Name),
                IsReadByFloat = value.IsGraphOutput || readers.Contains(null),
                GivesFloat = producer is { } unit && units[unit].CanGiveFloat,
                NeedsReader = producer is { } other && units[other] is { CanGiveFloat: true, Core.OperatorType: "MatMul" } && IsBiased(value),
            };
        }

        int? Reader(Use use) => cores.TryGetValue(use.Node, out var place) && units[place].DataInputs.Contains(use.Index) ? place : null;
    }

    private static bool IsBiased(Value value) =>
        value is { IsGraphOutput: false, Uses: [{ Index: >= 0, Node: { OperatorType: "Add" } sum }] } && sum.Inputs.Any(i => i?.Constant is not null);

    /// <summary>What it costs with some units in int8 and the others in float.</summary>
    /// <param name="isInt8">For each unit whether it is in int8.</param>
    public double Cost(IReadOnlyList<bool> isInt8)
    {
        var made = IsGiven || (Producer is { } producer && isInt8[producer]);
        var readInInt8 = Readers.Any(r => isInt8[r]);
        var readInFloat = IsReadByFloat || Readers.Any(r => !isInt8[r]);
        if (NeedsReader && made && readInFloat)
        {
            return double.PositiveInfinity;
        }

        return made ? readInFloat && (readInInt8 || !GivesFloat) ? Conversion : 0 : readInInt8 ? Conversion : 0;
    }

    /// <summary>Adds edges to a network whose cut pays the same: units are nodes, int8 is the source's side. One node stands for all readers, so that one conversion serves them.</summary>
    /// <param name="cut">The network.</param>
    /// <param name="nodes">Node of each unit.</param>
    public void AddTo(MinimumCut cut, IReadOnlyList<int> nodes)
    {
        int[] readers = [.. Readers.Select(r => nodes[r])];
        var producer = IsGiven ? MinimumCut.Source : Producer is { } unit ? nodes[unit] : MinimumCut.Sink;
        if (NeedsReader)
        {
            cut.AddEdge(producer, readers is [var reader] ? reader : MinimumCut.Sink, double.PositiveInfinity);
        }

        if (GivesFloat && !IsGiven)
        {
            // A conversion where anybody reads int8, and one where producer and readers are not all in int8; it is one too many.
            AddAny(cut, readers, MinimumCut.Sink);
            if (!IsReadByFloat && readers.Length > 0)
            {
                AddAll(cut, MinimumCut.Source, [producer, .. readers]);
            }

            return;
        }

        if (producer != MinimumCut.Sink)
        {
            AddAll(cut, producer, IsReadByFloat ? [MinimumCut.Sink] : readers);
        }

        if (producer != MinimumCut.Source)
        {
            AddAny(cut, readers, producer);
        }
    }

    /// <summary>Paid when one of some is in int8 and the end is not.</summary>
    private void AddAny(MinimumCut cut, int[] some, int end)
    {
        if (some.Length == 0)
        {
            return;
        }

        var any = cut.AddNode();
        cut.AddEdge(any, end, Conversion);
        foreach (var one in some)
        {
            cut.AddEdge(one, any, double.PositiveInfinity);
        }
    }

    /// <summary>Paid when the start is in int8 and not all of some are.</summary>
    private void AddAll(MinimumCut cut, int start, int[] some)
    {
        if (some.Length == 0)
        {
            return;
        }

        var all = cut.AddNode();
        cut.AddEdge(start, all, Conversion);
        foreach (var one in some)
        {
            cut.AddEdge(all, one, double.PositiveInfinity);
        }
    }
}
