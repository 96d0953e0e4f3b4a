using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>What the slices of a node's inputs change in its outputs and in each other's effect, found by trying.</summary>
internal sealed class NodeInfluence(NodeProbe probe)
{
    private readonly Dictionary<(int Slot, int Axis), bool[][][]> _touched = [];
    private readonly Dictionary<(int Slot, int Axis, int Output, int OutputAxis), AxisRelation?> _passes = [];
    private readonly Dictionary<(int Slot, int Axis, int Other, int OtherAxis), AxisRelation?> _meets = [];

    public NodeProbe Probe => probe;

    /// <summary>Elements of each output that a change in one slice of an input changes: [index][output][element].</summary>
    public bool[][][] Touched(int slot, int axis)
    {
        if (!_touched.TryGetValue((slot, axis), out var touched))
        {
            _touched[(slot, axis)] = touched = Try(slot, axis);
        }

        return touched;
    }

    /// <summary>
    /// How an input's axis goes through to an output's: no two of its slices change the same element, and the output's
    /// slices divide among them. Null when it does not.
    /// </summary>
    public AxisRelation? Pass(int slot, int axis, int output, int outputAxis)
    {
        if (!_passes.TryGetValue((slot, axis, output, outputAxis), out var relation))
        {
            _passes[(slot, axis, output, outputAxis)] = relation = Mixes(slot, axis) ? null : Divide(slot, axis, output, outputAxis);
        }

        return relation;
    }

    /// <summary>How an input's axis divides an output's into parts that depend on different slices, which may mix within a part.</summary>
    public AxisRelation? Divide(int slot, int axis, int output, int outputAxis)
    {
        var touched = Touched(slot, axis);
        var dims = probe.Outputs[output].Dims;
        var related = new bool[touched.Length, dims[outputAxis]];
        var places = Slices.IndexOf(dims, outputAxis);
        for (var index = 0; index < touched.Length; index++)
        {
            for (var e = 0; e < places.Length; e++)
            {
                related[index, places[e]] |= touched[index][output][e];
            }
        }

        return AxisRelation.Of(related);
    }

    /// <summary>Whether all that the removed slices change depends on slices that stay, too.</summary>
    public bool SumsUp(int slot, int axis, IReadOnlySet<int> gone)
    {
        var touched = Touched(slot, axis);
        return Enumerable.Range(0, probe.Outputs.Count).All(o => Enumerable.Range(0, (int)probe.Outputs[o].Count)
            .All(e => !gone.Any(i => touched[i][o][e]) || Enumerable.Range(0, touched.Length).Any(i => !gone.Contains(i) && touched[i][o][e])));
    }

    /// <summary>Whether a slice changes anything.</summary>
    public bool Matters(int slot, int axis, int index) => Touched(slot, axis)[index].Any(marks => marks.Contains(true));

    /// <summary>Whether an element of some output depends on more than one slice of the axis.</summary>
    public bool Mixes(int slot, int axis)
    {
        var touched = Touched(slot, axis);
        return Enumerable.Range(0, probe.Outputs.Count).Any(o => Enumerable.Range(0, touched[0][o].Length).Any(e => touched.Count(t => t[o][e]) > 1));
    }

    /// <summary>
    /// Which slices of two inputs work on each other: with all of the first input zero but slice i, a change in slice j of
    /// the other is seen. Null when all do.
    /// </summary>
    public AxisRelation? Meet(int slot, int axis, int other, int otherAxis)
    {
        if (!_meets.TryGetValue((slot, axis, other, otherAxis), out var relation))
        {
            _meets[(slot, axis, other, otherAxis)] = relation = TryTogether(slot, axis, other, otherAxis);
        }

        return relation;
    }

    private bool[][][] Try(int slot, int axis)
    {
        var size = (int)probe.Actual(slot)!.Dims[axis];
        bool[][][] touched = [.. Enumerable.Range(0, size).Select(_ => probe.Outputs.Select(o => new bool[o.Count]).ToArray())];
        for (var trial = 0; trial < NodeProbe.Trials; trial++)
        {
            var inputs = probe.Inputs(trial);
            var before = probe.Run(inputs);
            foreach (var (index, isHigh) in Enumerable.Range(0, 2 * size).Select(i => (i / 2, i % 2 == 1)))
            {
                var changed = (Tensor?[])[.. inputs];
                changed[slot] = probe.Changed(inputs[slot]!, slot, axis, index, (trial, isHigh));
                foreach (var (output, o) in probe.Run(changed).Select((t, o) => (t, o)))
                {
                    Slices.MarkDifferences(before[o], output, touched[index][o]);
                }
            }
        }

        return touched;
    }

    private AxisRelation? TryTogether(int slot, int axis, int other, int otherAxis)
    {
        var (size, otherSize) = ((int)probe.Actual(slot)!.Dims[axis], (int)probe.Actual(other)!.Dims[otherAxis]);
        if (size == 1 || otherSize == 1)
        {
            return null;
        }

        var related = new bool[size, otherSize];
        var inputs = probe.Inputs(1);
        for (var index = 0; index < size; index++)
        {
            var lone = (Tensor?[])[.. inputs];
            lone[slot] = Slices.Replace(Slices.Zeros(inputs[slot]!), inputs[slot]!, axis, index);
            var before = probe.Run(lone);
            for (var j = 0; j < otherSize; j++)
            {
                var changed = (Tensor?[])[.. lone];
                changed[other] = probe.Changed(lone[other]!, other, otherAxis, j, (1, true));
                related[index, j] = probe.Run(changed).Zip(before).Any(p => !p.First.Bytes.Span.SequenceEqual(p.Second.Bytes.Span));
            }
        }

        return AxisRelation.Of(related);
    }
}
