using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>
/// What a teacher says, value by value, from ONNX Runtime. Without augmentation each sample is asked once, in blocks of samples that
/// stand side by side, so that an answer never depends on the order of training.
/// </summary>
internal sealed class TeacherAnswers : IDisposable
{
    private const int Block = 64;

    private readonly Model _teacher;
    private readonly IReadOnlyList<string> _values;
    private readonly GraphRunner _runner;
    private readonly ISampleSource _samples;
    private readonly float[]?[][]? _kept;

    /// <summary>Prepares a teacher.</summary>
    /// <param name="teacher">The model; not changed.</param>
    /// <param name="values">Names of the values that are asked for.</param>
    /// <param name="samples">All samples, as they are stored.</param>
    /// <param name="options">What says whether a sample is the same in every epoch, and threads.</param>
    /// <param name="mostBytes">Most bytes of answers to keep; where all need more, the teacher runs for each batch.</param>
    public TeacherAnswers(Model teacher, IReadOnlyList<string> values, ISampleSource samples, TrainingOptions options, long mostBytes = 512L << 20)
    {
        (_teacher, _values) = (Asked(teacher, values), values);
        _runner = new GraphRunner(_teacher, new RunnerOptions { Threads = options.Threads });
        _samples = samples;
        var (one, two) = (Ask(samples, [0]), Ask(samples, [0, samples.Count - 1]));
        Shapes = [.. one.Select(t => (IReadOnlyList<long>)t.Dims.ToArray())];
        var isBySample = one.Zip(two).All(p => p.First.Dims is [1, ..] && p.Second.Dims is [2, ..]);
        if (isBySample && !options.Augmentation.IsOn && samples.Count * one.Sum(t => t.Count) <= mostBytes / sizeof(float))
        {
            _kept = [.. values.Select(_ => new float[]?[samples.Count])];
        }
    }

    /// <summary>The shape of each value for one sample.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Shapes { get; }

    /// <summary>Whether answers are kept, so that each sample is asked once.</summary>
    public bool IsKept => _kept is not null;

    /// <summary>The answers to a batch, one array for each value, row-major.</summary>
    public IReadOnlyList<float[]> Of(TrainingBatch batch)
    {
        if (_kept is null)
        {
            return [.. Ask(batch.Source!, batch.Samples).Select(t => t.ToFloats())];
        }

        foreach (var sample in batch.Samples)
        {
            if (_kept[0][sample] is null)
            {
                Keep(sample / Block * Block);
            }
        }

        return [.. _kept.Select(value => batch.Samples.SelectMany(s => value[s]!).ToArray())];
    }

    public void Dispose() => _runner.Dispose();

    private void Keep(int start)
    {
        var count = Math.Min(Block, _samples.Count - start);
        foreach (var (value, answer) in _kept!.Zip(Ask(_samples, [.. Enumerable.Range(start, count)])))
        {
            var all = answer.ToFloats();
            var size = all.Length / count;
            for (var i = 0; i < count; i++)
            {
                value[start + i] = all[(i * size)..((i + 1) * size)];
            }
        }
    }

    // A teacher with a fixed batch answers sample by sample; the answers stand one behind the other along the first axis.
    private Tensor[] Ask(ISampleSource source, IReadOnlyList<int> samples)
    {
        var parts = new SampleFeeder(_teacher, new SampleSubset(source, samples), samples.Count).Batches()
            .Select(b => _runner.OutputNames.Zip(_runner.Run(b.Feeds)).ToDictionary(p => p.First, p => p.Second)).ToList();
        return [.. _values.Select(v => Joined([.. parts.Select(p => p[v])]))];
    }

    private static Tensor Joined(Tensor[] parts)
    {
        var dims = parts[0].Dims.ToArray();
        if (parts.Length == 1 || dims.Length == 0)
        {
            return parts[0];
        }

        dims[0] *= parts.Length;
        return Tensor.Of(dims, [.. parts.SelectMany(p => p.ToFloats())]);
    }

    private static Model Asked(Model teacher, IReadOnlyList<string> values)
    {
        var copy = teacher.Clone();
        var editor = new GraphEditor(copy.Graph);
        copy.Graph.Outputs.ToList().ForEach(editor.RemoveGraphOutput);
        foreach (var value in values)
        {
            editor.AddGraphOutput(copy.Graph.Values[value]);
        }

        return copy;
    }
}
