using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>How many of the channels that the oracle calls prunable the product finds, and why it misses the others.</summary>
internal sealed class OracleComparison
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (int Count, string Example)> _misses = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (int Count, string Example)> _extras = new(StringComparer.Ordinal);

    /// <summary>Channels that the oracle calls prunable.</summary>
    public int Prunable { get; private set; }

    /// <summary>Of these, the channels that are in a group.</summary>
    public int Found { get; private set; }

    public double Share => Prunable == 0 ? 1 : (double)Found / Prunable;

    public void Add(Model model, string description)
    {
        var analysis = ModelAnalysis.Of(model);
        using var oracle = new PrunabilityOracle(analysis.Model);
        var channels = oracle.Channels().ToList();
        lock (_lock)
        {
            Count(analysis, channels, description);
        }
    }

    private void Count(ModelAnalysis analysis, List<(Node Producer, SliceRef Channel, OracleClass Class)> channels, string description)
    {
        foreach (var (producer, channel, slices) in channels)
        {
            var found = IsFound(analysis, channel);
            if (slices.Refusal is null)
            {
                Prunable++;
                Found += found ? 1 : 0;
                Miss(found, analysis, producer, channel, description);
            }
            else if (found)
            {
                Note(_extras, slices.Refusal, $"{channel}; {description}");
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n',
        _misses.OrderByDescending(m => m.Value.Count).Select(m => $"missed {m.Value.Count}: {m.Key}\n    in {m.Value.Example}")
            .Concat(_extras.OrderByDescending(e => e.Value.Count).Select(e => $"found beyond the oracle {e.Value.Count}: {e.Key}\n    in {e.Value.Example}"))
            .Prepend($"{Found} of {Prunable} prunable channels are found ({Share:p1})."));

    private void Miss(bool found, ModelAnalysis analysis, Node producer, SliceRef channel, string description)
    {
        if (found)
        {
            return;
        }

        Note(_misses, Reason(analysis, producer, channel), $"{channel}; {description}");
    }

    // The shortest example stays.
    private static void Note(SortedDictionary<string, (int Count, string Example)> notes, string reason, string example)
    {
        var old = notes.GetValueOrDefault(reason);
        notes[reason] = (old.Count + 1, old.Example is null || example.Length < old.Example.Length ? example : old.Example);
    }

    private static bool IsFound(ModelAnalysis analysis, SliceRef channel)
    {
        var axis = new AxisRef(channel.Value, channel.Axis);
        return analysis.Groups.Any(g => g.Axes.Index().Any(a => a.Item == axis && g.Channels.Any(c => c.Slices[a.Index].Contains(channel.Index))));
    }

    private static string Reason(ModelAnalysis analysis, Node producer, SliceRef channel)
    {
        var classes = analysis.Linker.Classes;
        var pin = classes.PinOf(classes.ClassOf(new AxisRef(channel.Value, channel.Axis), channel.Index));
        var text = pin?.Text ?? analysis.Pins.Select(p => p.Reason).FirstOrDefault(r => r.Text.StartsWith("The channels of ", StringComparison.Ordinal))?.Text ?? "in no group";
        return $"{producer.OperatorType}: {pin?.Kind.ToString() ?? "refused"}, {System.Text.RegularExpressions.Regex.Replace(text, "[0-9]+(, [0-9]+)*", "#")}";
    }
}
