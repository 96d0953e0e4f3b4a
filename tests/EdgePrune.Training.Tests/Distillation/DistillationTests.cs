using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Learning from a teacher's answers.</summary>
public sealed class DistillationTests
{
    private static readonly TrainingOptions Quick = new() { Epochs = 4, BatchSize = 16, LearningRate = 0.02, Seed = 7, Threads = 1 };

    [TorchTheory]
    [InlineData(null)]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    public void Run_WithoutLabels_MakesTheStudentAnswerLikeItsTeacher(string? end)
    {
        var teacher = TinyModels.Classifier(end: end);
        var student = Perturbed.Of(teacher, 1);

        var result = Distil(student, teacher, Unlabelled(64), Quick with { ValidationShare = 0.25 });

        Assert.True(Difference(result.Model, teacher) < 0.5 * Difference(student, teacher));
        Assert.True(result.Summary.Epochs[^1].Loss < result.Summary.Epochs[0].Loss);
        Assert.NotNull(result.Summary.Epochs[^1].Score);
        Assert.Equal("Compared with the teacher: 1 output(s) and 0 intermediate value(s).", result.Summary.Note);
    }

    [TorchFact]
    public void Run_OfATeacherAndAStudentAlike_HasNoLossAndFullAgreement()
    {
        var model = TinyModels.Classifier(end: "Softmax");

        var result = Distil(model, model, Unlabelled(32), Quick with { Epochs = 1, ValidationShare = 0.25, LearningRate = 1e-9 });

        Assert.InRange(result.Summary.Epochs[0].Loss, -1e-5, 1e-5);
        Assert.Equal(100, result.Summary.Epochs[0].Score);
    }

    [TorchFact]
    public void Loss_OfScores_IsTheDivergenceAtTheTemperature()
    {
        var (teacher, student) = (TinyModels.Classifier(end: "Softmax"), TinyModels.Classifier(end: "Softmax", seed: 4));
        var samples = Unlabelled(3);

        var loss = Loss(student, teacher, samples, new DistillationOptions { Likeness = ScoreLikeness.SoftTargets, Temperature = 2 });

        var expected = Rows(teacher, samples).Zip(Rows(student, samples)).Average(p =>
        {
            var (t, s) = (Heated(p.First, 2), Heated(p.Second, 2));
            return 4 * t.Zip(s, (a, b) => a * Math.Log(a / b)).Sum();
        });
        Assert.Equal(expected, loss, 4);
    }

    [TorchFact]
    public void Loss_ByDefault_IsTheDifferenceOfScoresWithoutWhatIsCommonToASample()
    {
        var (teacher, student) = (TinyModels.Classifier(end: "Softmax"), TinyModels.Classifier(end: "Softmax", seed: 4));
        var samples = Unlabelled(3);

        var loss = Loss(student, teacher, samples, new DistillationOptions());

        // Logarithms of the softmax are the scores but for a number that is common to a sample.
        var expected = Rows(teacher, samples).Zip(Rows(student, samples)).Average(p =>
        {
            var difference = p.First.Zip(p.Second, (t, s) => Math.Log(s / t)).ToArray();
            return difference.Average(d => Math.Pow(d - difference.Average(), 2));
        });
        Assert.Equal(expected, loss, 4);
    }

    [TorchFact]
    public void Loss_WithLabels_IsMixedByTheirWeight()
    {
        var (teacher, student) = (TinyModels.Classifier(end: "Softmax"), TinyModels.Classifier(end: "Softmax", seed: 4));
        var samples = new MemorySamples(5, 4, 6);
        double At(double weight) => Loss(student, teacher, samples, new DistillationOptions { LabelWeight = weight });

        Assert.Equal((0.75 * At(0)) + (0.25 * At(1)), At(0.25), 4);
        Assert.Equal(-Rows(student, samples).Select((row, i) => Math.Log(row[samples.Labels![i]])).Average(), At(1), 4);
    }

    [TorchFact]
    public void Run_OfARegressionWithTwoOutputs_Learns()
    {
        static Model Net(int seed)
        {
            GraphBuilder g = new(seed);
            var x = g.Relu(g.Gemm(g.BatchInput(6), 8));
            g.Output(g.Gemm(x, 1));
            g.Output(g.Op("Tanh", [g.Gemm(x, 3)]));
            return g.Build();
        }

        var result = Distil(Net(4), Net(3), Unlabelled(64), Quick with { Epochs = 10 });

        Assert.True(result.Summary.Epochs[^1].Loss < 0.5 * result.Summary.Epochs[0].Loss, string.Join(", ", result.Summary.Epochs));
        Assert.StartsWith("Compared with the teacher: 2 output(s)", result.Summary.Note, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Run_OfASegmentation_ComparesEveryPlace()
    {
        static Model Net(int seed)
        {
            GraphBuilder g = new(seed);
            g.Output(g.Op("Softmax", [g.Conv(g.BatchInput(2, 5, 5), 3)], ("axis", 1)));
            return g.Build();
        }

        var result = Distil(Net(4), Net(3), new MemorySamples(32, 2, 2, 5, 5) { Labels = null }, Quick with { Epochs = 6 });

        Assert.True(result.Summary.Epochs[^1].Loss < 0.5 * result.Summary.Epochs[0].Loss, string.Join(", ", result.Summary.Epochs));
    }

    [TorchFact]
    public void Run_WithFeatures_ComparesThoseOfEqualNameAndShape()
    {
        // The hidden layer has as many units in one student, and one less in the other.
        var teacher = TinyModels.Classifier();
        var recipe = new FineTuneRecipe { Training = Quick with { Epochs = 1 }, Distillation = new DistillationOptions { FeatureWeight = 1 } };

        var alike = new FineTuner().Run(TinyModels.Classifier(seed: 4), Unlabelled(16), new TrainingAids(teacher), recipe);
        var error = Assert.Throws<ModelException>(() => new FineTuner().Run(TinyModels.Classifier(hidden: 7), Unlabelled(16), new TrainingAids(teacher), recipe));

        Assert.Equal("Compared with the teacher: 1 output(s) and 1 intermediate value(s).", alike.Summary.Note);
        Assert.Equal(ErrorCode.ShapeMismatch, error.Code);
    }

    [TorchFact]
    public void Run_OfAStudentWithAFixedBatch_AndATeacherWithAFreeOne_Learns_AndTheOtherWayRound()
    {
        static Model Net(bool free, int seed)
        {
            GraphBuilder g = new(seed);
            g.Output(g.Op("Softmax", [g.Gemm(free ? g.BatchInput(6) : g.Input(1, 6), 4)]));
            return g.Build();
        }

        var first = Distil(Net(free: false, 4), Net(free: true, 3), Unlabelled(20), Quick);
        var second = Distil(Net(free: true, 4), Net(free: false, 3), Unlabelled(20), Quick);

        Assert.InRange(Compare.MaxRelativeError([.. first.Model.Graph.Initializers.Select(v => v.Constant!)], [.. second.Model.Graph.Initializers.Select(v => v.Constant!)]), 0, 1e-4);
    }

    [TorchFact]
    public void Answers_KeptOrNot_AreTheSame_AndAreNotKeptWhereTheyWouldNotFit()
    {
        var (teacher, samples) = (TinyModels.Classifier(), Unlabelled(70));
        var value = teacher.Graph.Outputs[0].Name;
        using var kept = new TeacherAnswers(teacher, [value, value], samples, Quick);
        using var asked = new TeacherAnswers(teacher, [value], samples, Quick, mostBytes: (70 * 4 * 4) - 1);
        using var augmented = new TeacherAnswers(teacher, [value], samples, Quick with { Augmentation = new Augmentation { Noise = 0.1 } });
        var batch = new TrainingBatch(new Dictionary<string, Tensor>(), [69, 3, 64]) { Source = samples };

        Assert.Equal((true, false, false), (kept.IsKept, asked.IsKept, augmented.IsKept));
        Assert.Equal(kept.Of(batch)[0], kept.Of(batch)[1]);
        Assert.All(kept.Of(batch)[0].Zip(asked.Of(batch)[0]), p => Assert.Equal(p.First, p.Second, 5));
    }

    [TorchFact]
    public void Run_UnderAugmentation_AsksTheTeacherAboutWhatTheStudentSees()
    {
        // Whatever the noise makes of a sample, the same network has the same answer.
        var model = TinyModels.Classifier(end: "Softmax");

        var result = Distil(model, model, Unlabelled(32), Quick with { Epochs = 2, LearningRate = 1e-9, Augmentation = new Augmentation { Noise = 1 } });

        Assert.All(result.Summary.Epochs, e => Assert.InRange(e.Loss, -1e-5, 1e-5));
    }

    [TorchFact]
    public void Run_ThatCannotBeDistilled_IsRefused()
    {
        var model = TinyModels.Classifier();
        void Refuses(ErrorCode code, Action run) => Assert.Equal(code, Assert.ThrowsAny<EdgePruneException>(run).Code);

        Refuses(ErrorCode.InvalidOption, () => new FineTuner().Run(model, Unlabelled(8), new TrainingAids(), new FineTuneRecipe { Distillation = new DistillationOptions() }));
        Refuses(ErrorCode.InvalidOption, () => Distil(model, model, Unlabelled(8), Quick, new DistillationOptions { Temperature = 0 }));
        Refuses(ErrorCode.LabelMismatch, () => Distil(model, model, Unlabelled(8), Quick, new DistillationOptions { LabelWeight = 0.5 }));
        Refuses(ErrorCode.ShapeMismatch, () => Distil(model, TinyModels.Classifier(classes: 5), Unlabelled(8), Quick));
        Refuses(ErrorCode.SampleShapeMismatch, () => Distil(model, TinyModels.Classifier(inputs: 7), Unlabelled(8), Quick));
        Refuses(ErrorCode.NoSamples, () => Distil(model, model, SampleSubset.Range(Unlabelled(8), 0, 0), Quick));
    }

    private static MemorySamples Unlabelled(int count) => new(count, 4, 6) { Labels = null };

    private static TrainedModel Distil(Model student, Model teacher, ISampleSource samples, TrainingOptions options, DistillationOptions? distillation = null) =>
        new FineTuner().Run(student, samples, new TrainingAids(teacher), new FineTuneRecipe { Training = options, Distillation = distillation ?? new() });

    private static double Loss(Model student, Model teacher, MemorySamples samples, DistillationOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var graph = new TorchGraph(student);
        using var objective = new DistillationObjective(graph, teacher, samples, new FineTuneRecipe { Distillation = options });
        return objective.Loss(new BatchReader(graph, samples).Read([.. Enumerable.Range(0, samples.Count)]).Single()).item<float>();
    }

    private static IEnumerable<float[]> Rows(Model model, MemorySamples samples) =>
        Runtime.Run(model, new SampleFeeder(model, samples, samples.Count).Batches().Single().Feeds)[0].ToFloats().Chunk(4);

    // The softmax of scores divided by a temperature, from their softmax.
    private static double[] Heated(float[] probabilities, double temperature)
    {
        var powers = probabilities.Select(p => Math.Pow(p, 1 / temperature)).ToArray();
        return [.. powers.Select(p => p / powers.Sum())];
    }

    private static double Difference(Model model, Model teacher) =>
        Rows(model, Unlabelled(64)).Zip(Rows(teacher, Unlabelled(64))).Sum(p => p.First.Zip(p.Second, (a, b) => Math.Pow(a - b, 2)).Sum());
}
