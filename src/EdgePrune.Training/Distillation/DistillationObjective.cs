using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>The loss of <see cref="DistillationOptions"/>: to answer like a teacher.</summary>
internal sealed class DistillationObjective : IObjective, IDisposable
{
    private readonly TorchGraph _graph;
    private readonly DistillationOptions _options;
    private readonly IReadOnlyList<ComparedOutput> _outputs;
    private readonly List<Value> _features;
    private readonly Value[] _wanted;
    private readonly TeacherAnswers _answers;
    private readonly LabelLoss? _labels;

    /// <summary>Pairs a student with its teacher.</summary>
    /// <param name="graph">The student.</param>
    /// <param name="teacher">The teacher; not changed.</param>
    /// <param name="samples">All samples.</param>
    /// <param name="recipe">How, with its distillation.</param>
    /// <exception cref="ModelException"><see cref="ErrorCode.ShapeMismatch"/>: the outputs are not alike, or features are asked for and none is.</exception>
    /// <exception cref="InputException">The teacher does not take these samples, or labels are asked for and do not fit.</exception>
    public DistillationObjective(TorchGraph graph, Model teacher, ISampleSource samples, FineTuneRecipe recipe)
    {
        (_graph, _options) = (graph, recipe.Distillation!);
        _labels = _options.LabelWeight > 0 ? new LabelLoss(graph.Graph.Outputs[0].Name, samples.Labels, samples.Count) : null;
        _outputs = ComparedOutput.All(graph.Graph, teacher.Graph, samples.Labels is not null);
        var features = _options.FeatureWeight > 0 ? FeatureValues.In(graph.Graph, teacher.Graph) : [];
        var shapes = new BatchReader(graph, samples).Read([0]).Select(b => Shapes(b, features)).First();
        _features = Alike(teacher, features, samples, recipe.Training, shapes);
        _wanted = [.. _outputs.Select(o => o.Student.Scores), .. _features];
        _answers = new TeacherAnswers(teacher, Names(_features), samples, recipe.Training);
        RequireLikeOutputs(shapes);
    }

    /// <summary>What is compared, for the summary.</summary>
    public string Note => $"Compared with the teacher: {_outputs.Count} output(s) and {_features.Count} intermediate value(s).";

    public torch.Tensor Loss(TrainingBatch batch)
    {
        var student = _graph.Forward(batch.Feeds, _wanted);
        var teacher = _answers.Of(batch).Select((values, i) => torch.tensor(values, student[i].shape)).ToList();
        var loss = _outputs.Select((o, i) => Likeness(o, student[i], teacher[i])).Aggregate((a, b) => a + b).Over(_outputs.Count);
        if (_labels is not null)
        {
            loss = loss.Times(1 - _options.LabelWeight) + _labels.Of(student[0], batch.Samples).Times(_options.LabelWeight);
        }

        var features = Enumerable.Range(_outputs.Count, _features.Count).Select(i => RelativeError(student[i], teacher[i])).ToList();
        return features.Count == 0 ? loss : loss + features.Aggregate((a, b) => a + b).Times(_options.FeatureWeight / features.Count);
    }

    public void Dispose() => _answers.Dispose();

    // Rows of numbers without a softmax may be scores or not; soft targets compare them as both, and both are least where they are equal.
    private torch.Tensor Likeness(ComparedOutput output, torch.Tensor student, torch.Tensor teacher)
    {
        if (!output.CanBeScores(student.shape) || (!output.AreScores && _options.Likeness == ScoreLikeness.Difference))
        {
            return RelativeError(student, teacher);
        }

        var (s, t) = (output.Layout.Rows(student), output.Layout.Rows(teacher));
        return _options.Likeness == ScoreLikeness.Difference ? CentredDifference(s - t)
            : output.AreScores ? Divergence(s, t)
            : Divergence(s, t) + RelativeError(student, teacher);
    }

    // A number added to all scores of a sample changes no answer.
    private static torch.Tensor CentredDifference(torch.Tensor difference) => (difference - difference.mean([-1], keepdim: true)).square().mean();

    private torch.Tensor Divergence(torch.Tensor student, torch.Tensor teacher)
    {
        var temperature = _options.Temperature;
        var (p, q) = (teacher.Over(temperature).log_softmax(-1), student.Over(temperature).log_softmax(-1));
        return (p.exp() * (p - q)).sum(-1).mean().Times(temperature * temperature);
    }

    private static torch.Tensor RelativeError(torch.Tensor student, torch.Tensor teacher) =>
        (student - teacher).square().sum() / teacher.square().sum().AtLeast(1e-12);

    private Dictionary<Value, long[]> Shapes(TrainingBatch batch, IEnumerable<Value> features)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Value[] values = [.. _outputs.Select(o => o.Student.Scores).Concat(features).Distinct()];
        return values.Zip(_graph.Forward(batch.Feeds, values)).ToDictionary(p => p.First, p => p.Second.shape);
    }

    private List<Value> Alike(Model teacher, IReadOnlyList<Value> features, ISampleSource samples, TrainingOptions options, Dictionary<Value, long[]> shapes)
    {
        if (_options.FeatureWeight == 0)
        {
            return [];
        }

        using var probe = new TeacherAnswers(teacher, Names(features), SampleSubset.Range(samples, 0, 1), options);
        var alike = features.Where((f, i) => probe.Shapes[_outputs.Count + i].SequenceEqual(shapes[f])).ToList();
        return alike.Count > 0 ? alike : throw new ModelException(ErrorCode.ShapeMismatch,
            "No intermediate value that a layer reads has the same name and shape in the model and its teacher, so there are no features to compare. Set featureWeight to 0.");
    }

    private List<string> Names(IEnumerable<Value> features) => [.. _outputs.Select(o => o.Teacher.Scores.Name).Concat(features.Select(f => f.Name))];

    private void RequireLikeOutputs(Dictionary<Value, long[]> shapes)
    {
        foreach (var (output, shape) in _outputs.Zip(_answers.Shapes))
        {
            if (!shapes[output.Student.Scores].SequenceEqual(shape))
            {
                throw new ModelException(ErrorCode.ShapeMismatch,
                    $"The model's output '{output.Student.Output.Name}' has shape [{string.Join(", ", shapes[output.Student.Scores])}] for a sample, the teacher's '{output.Teacher.Output.Name}' has [{string.Join(", ", shape)}]. Distil from a model with the same outputs.");
            }
        }
    }
}
