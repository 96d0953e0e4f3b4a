using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Which weights of a ticket are left.</summary>
internal sealed class TicketMask
{
    private readonly IReadOnlyList<string> _names;
    private readonly bool[] _isKept;

    private TicketMask(IReadOnlyList<string> names, bool[] isKept) => (_names, _isKept) = (names, isKept);

    /// <summary>Number of weights.</summary>
    public long Count => _isKept.Length;

    /// <summary>Number of weights that are left.</summary>
    public long Kept => _isKept.LongCount(k => k);

    /// <summary>Nothing is masked.</summary>
    public static TicketMask Whole(Model model, IReadOnlyList<string> names) =>
        new(names, [.. Enumerable.Repeat(true, names.Sum(n => (int)model.Graph.Values[n].Constant!.Count))]);

    /// <summary>Without a share of what is left: the smallest of all layers, the first of equals.</summary>
    /// <param name="trained">The trained weights.</param>
    /// <param name="rate">The share.</param>
    public TicketMask Without(Model trained, double rate)
    {
        var weights = _names.SelectMany(n => trained.Graph.Values[n].Constant!.ToFloats()).ToArray();
        var left = Enumerable.Range(0, weights.Length).Where(i => _isKept[i]).ToList();
        var isKept = _isKept.ToArray();
        foreach (var place in left.OrderBy(i => Math.Abs(weights[i])).Take((int)Math.Round(rate * left.Count)))
        {
            isKept[place] = false;
        }

        return new TicketMask(_names, isKept);
    }

    /// <summary>The mask as zeros of a model of the same structure.</summary>
    public SparsityMask Zeros(Model model)
    {
        var start = 0;
        List<MaskedWeight> weights = [];
        foreach (var tensor in _names.Select(n => model.Graph.Values[n].Constant!).Zip(_names))
        {
            var at = start;
            var ones = tensor.First.Map((i, _) => _isKept[at + i] ? 1 : 0);
            weights.Add(MaskedWeight.Of(tensor.Second, ones));
            start += (int)tensor.First.Count;
        }

        return new SparsityMask(weights);
    }
}
