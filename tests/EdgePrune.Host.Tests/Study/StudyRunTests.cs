using EdgePrune.Contracts;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class StudyRunTests : IDisposable
{
    private readonly StudyBench _bench = new();

    [Fact]
    public async Task Run_AGrid_MeasuresEachModelOnceAndTrainsOnceForBothPrecisions()
    {
        var report = await _bench.RunAsync(StudyBench.Options);

        Assert.Equal(2 + (2 * 2 * 3), report.Cells.Count);
        Assert.All(report.Cells, c => Assert.Null(c.Failure));
        Assert.Equal(report.Cells.Count, _bench.Evaluator.Calls);
        Assert.Equal(4, _bench.Trainer.Calls.Count);
        Assert.Equal([true, true, false, false], _bench.Trainer.Calls.Select(c => c.IsMasked).OrderDescending());
        var half = report.Rows.Single(r => r.Name == "unstructured 50 % + 2 epochs");
        var original = report.Rows[0];
        Assert.Equal(original.Parameters, half.Parameters);
        Assert.InRange((double)half.NonZero!.Value / half.Parameters!.Value, 0.5, 0.6);
        Assert.True(report.Rows.Single(r => r.Name == "structured 50 %").Parameters < 0.6 * original.Parameters);
        Assert.True(report.Rows.Single(r => r.Name == "original + int8").FileBytes < original.FileBytes);
    }

    [Fact]
    public async Task Run_Again_MeasuresNothingAndGivesTheSame()
    {
        var first = await _bench.RunAsync(StudyBench.Options);
        var (scored, trained) = (_bench.Evaluator.Calls, _bench.Trainer.Calls.Count);

        var second = await _bench.RunAsync(StudyBench.Options);

        Assert.Equal((scored, trained), (_bench.Evaluator.Calls, _bench.Trainer.Calls.Count));
        Assert.Equal(StudyFile.Print(first), StudyFile.Print(second));
    }

    [Theory]
    [InlineData("learning rate", 4, 8)]
    [InlineData("criterion", 2, 6)]
    [InlineData("rate", 4, 12)]
    [InlineData("epochs", 2, 4)]
    [InlineData("signs", 0, 7)]
    [InlineData("tolerance", 0, 0)]
    [InlineData("threads", 0, 0)]
    public async Task Run_WithOneOptionChanged_MeasuresWhatItTouches(string change, int trained, int scored)
    {
        var before = StudyBench.Options;
        await _bench.RunAsync(before);
        var (calls, trainings) = (_bench.Evaluator.Calls, _bench.Trainer.Calls.Count);
        var training = before.Recipe.Training;

        await _bench.RunAsync(change switch
        {
            "learning rate" => before with { Recipe = before.Recipe with { Training = training with { LearningRate = 0.01 } } },
            "criterion" => before with { Criterion = "l1" },
            "rate" => before with { Rates = [0.5, 0.7] },
            "epochs" => before with { Epochs = [0, 1, 2, 5] },
            "signs" => before with { SignedActivations = false },
            "tolerance" => before with { Tolerance = 2 },
            _ => before with { Recipe = before.Recipe with { Training = training with { Threads = 2 } } },
        });

        Assert.Equal((trained, scored), (_bench.Trainer.Calls.Count - trainings, _bench.Evaluator.Calls - calls));
    }

    [Fact]
    public async Task Run_WithSeveralSeeds_SharesWhatNoSeedTouches()
    {
        var report = await _bench.RunAsync(StudyBench.Options with { Seeds = [1, 2, 3], Methods = [StudyMethod.Unstructured], Precisions = [Precision.Float32] });

        // The original, one untrained model, and two numbers of epochs for three seeds.
        Assert.Equal(1 + 1 + 6, _bench.Evaluator.Calls);
        Assert.Equal(1 + 9, report.Cells.Count);
        Assert.Equal(0, report.Rows[1].ScoreDeviation!.Value, 1e-9);
        Assert.True(report.Rows[2].ScoreDeviation > 0);
        Assert.Equal(3, report.Rows[2].Seeds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\u0000\u0001")]
    [InlineData("{\"key\":\"other\",\"model\":\"m\",\"cell\":{\"case\":{\"method\":\"Original\",\"rate\":0,\"epochs\":0,\"precision\":\"Float32\",\"seed\":1}}}")]
    public async Task Run_WithADamagedCell_SaysSoAndMeasuresItAgain(string damage)
    {
        var first = await _bench.RunAsync(StudyBench.Options);
        var calls = _bench.Evaluator.Calls;
        var file = _bench.CellFiles.First();
        await File.WriteAllTextAsync(file, damage, TestContext.Current.CancellationToken);

        var second = await _bench.RunAsync(StudyBench.Options);

        Assert.Equal(calls + 1, _bench.Evaluator.Calls);
        Assert.Contains(second.Notes, n => n.Contains(Path.GetFileName(file), StringComparison.Ordinal) && n.Contains("damaged", StringComparison.Ordinal));
        Assert.Equal(StudyCsv.Print(first), StudyCsv.Print(second));
    }

    [Theory]
    [InlineData("\"score\": ", "\"score\": \"NaN\", \"old\": ")]
    [InlineData("\"parameters\": ", "\"parameters\": -")]
    [InlineData("\"nonZero\": ", "\"nonZero\": 99999999")]
    [InlineData("\"format\": 1", "\"format\": 2")]
    public async Task Run_WithACellThatCannotBe_MeasuresItAgain(string figure, string changed)
    {
        await _bench.RunAsync(StudyBench.Options);
        var calls = _bench.Evaluator.Calls;
        var file = _bench.CellFiles.First();
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains(figure, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(figure, changed, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var report = await _bench.RunAsync(StudyBench.Options);

        Assert.Equal(calls + 1, _bench.Evaluator.Calls);
        Assert.Single(report.Notes);
    }

    [Fact]
    public async Task Run_InTheFolderOfAnotherModel_LeavesItsCellsAlone()
    {
        var options = StudyBench.Options with { Methods = [StudyMethod.Unstructured], Epochs = [0], Precisions = [Precision.Float32] };
        await _bench.RunAsync(options);
        var files = _bench.CellFiles.ToList();
        _bench.Model = TestModels.Mlp();

        var report = await _bench.RunAsync(options);

        Assert.Equal(files.Count, report.Notes.Count(n => n.Contains("another model", StringComparison.Ordinal)));
        Assert.All(files, f => Assert.True(File.Exists(f)));
        Assert.Equal(2, report.Cells.Count(c => c.Figures is not null));
    }

    [Fact]
    public async Task Run_WithADamagedModelFile_TrainsFromAModelMadeAgain()
    {
        var first = await _bench.RunAsync(StudyBench.Options with { Epochs = [0] });
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_bench.Folder, "models")))
        {
            await File.WriteAllTextAsync(file, "damaged", TestContext.Current.CancellationToken);
        }

        var second = await _bench.RunAsync(StudyBench.Options);
        using var other = new StudyBench();
        var whole = await other.RunAsync(StudyBench.Options);

        Assert.Equal(first.Cells.Count + 8, second.Cells.Count);
        Assert.Equal(StudyCsv.Print(whole), StudyCsv.Print(second));
    }

    [Fact]
    public async Task Run_Stopped_KeepsWhatIsFinishedAndGoesOn()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Told(p =>
        {
            if (p.Done == 7)
            {
                stop.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.RunAsync(StudyBench.Options, progress, stop.Token));
        var kept = _bench.CellFiles.Count();
        var calls = _bench.Evaluator.Calls;
        Assert.Equal(7, kept);

        var resumed = await _bench.RunAsync(StudyBench.Options);
        using var other = new StudyBench();
        var whole = await other.RunAsync(StudyBench.Options);

        Assert.Equal(whole.Cells.Count - kept, _bench.Evaluator.Calls - calls);
        Assert.Equal(StudyFile.Print(whole), StudyFile.Print(resumed));
    }

    [Fact]
    public async Task Run_WithACellThatFails_KeepsTheOthersAndSaysWhy()
    {
        _bench.Trainer = new StudyTrainer { Fails = (recipe, aids) => recipe.Training.Epochs == 2 && aids.Mask is null };

        var report = await _bench.RunAsync(StudyBench.Options);

        Assert.Equal(["structured 50 % + 2 epochs", "structured 50 % + 2 epochs + int8"], report.Rows.Where(r => r.Failure is not null).Select(r => r.Name));
        Assert.All(report.Rows.Where(r => r.Failure is not null), r => Assert.Equal((null, (int)ErrorCode.TrainingUnavailable), (r.Score, r.Failure!.Code)));
        Assert.Equal(4, _bench.Trainer.Calls.Count);

        _bench.Trainer = new StudyTrainer();
        var again = await _bench.RunAsync(StudyBench.Options);
        Assert.All(again.Cells, c => Assert.Null(c.Failure));
        Assert.Single(_bench.Trainer.Calls);
    }

    [Fact]
    public async Task Run_OfAModelWithoutChannelsToGo_FailsWhereTheyAreNeededOnly()
    {
        GraphBuilder g = new(1);
        g.Output(g.Gemm(g.Input(1, 8), 4));
        _bench.Model = g.Build();

        var report = await _bench.RunAsync(StudyBench.Options);

        Assert.All(report.Cells, c => Assert.Equal(c.Case.Method == StudyMethod.Structured, c.Failure is not null));
        Assert.Equal(2, _bench.Trainer.Calls.Count);
    }

    [Fact]
    public async Task Run_WithDivergedTraining_KeepsTheReason()
    {
        _bench.Trainer = new StudyTrainer { End = TrainingEnd.Diverged };

        var report = await _bench.RunAsync(StudyBench.Options);

        Assert.All(report.Cells.Where(c => c.Case is { Epochs: > 0, Precision: Precision.Float32 }), c => Assert.Equal("The loss was no number.", c.Figures!.Note));
    }

    [Fact]
    public async Task Run_WithoutATrainer_FailsTrainedCellsOnly()
    {
        using var run = new StudyRun(new StudyInputs { Model = _bench.Model, Fitted = RandomSamples.For(_bench.Model, 16), Evaluator = _bench.Evaluator, Folder = _bench.Folder }, StudyBench.Options);

        var report = await run.RunAsync(null, TestContext.Current.CancellationToken);

        Assert.All(report.Cells, c => Assert.Equal(c.Case.Epochs > 0, c.Failure is not null));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Run_WithJobs_TrainsSoManyAtTheSameTime(int jobs)
    {
        using var meeting = new Barrier(jobs);
        _bench.Trainer = new StudyTrainer { Meeting = meeting };
        _bench.Jobs = jobs;

        var report = await _bench.RunAsync(StudyBench.Options with { Rates = [0.3, 0.5] });
        using var other = new StudyBench();
        var alone = await other.RunAsync(StudyBench.Options with { Rates = [0.3, 0.5] });

        Assert.Equal(8, _bench.Trainer.Calls.Count);
        Assert.Equal(jobs, _bench.Trainer.Most);
        Assert.Equal(StudyFile.Print(alone), StudyFile.Print(report));
    }

    [Fact]
    public async Task Run_WithAProfiler_MeasuresEachShapeOnceAfterAllTraining()
    {
        var profiler = new StudyBench.QuietProfiler(_bench.Trainer);
        _bench.Profiler = profiler;
        _bench.Jobs = 2;

        var report = await _bench.RunAsync(StudyBench.Options);

        // Original, unstructured and structured, in both precisions.
        Assert.Equal(6, profiler.Measured.Distinct().Count());
        Assert.Equal(6, profiler.Measured.Count);
        Assert.All(report.Rows, r => Assert.NotNull(r.Time));
        await _bench.RunAsync(StudyBench.Options);
        Assert.Equal(6, profiler.Measured.Count);
    }

    [Fact]
    public async Task Run_Progress_CountsEveryCellAndTellsTheTimeLeft()
    {
        var told = new Told(_ => { });
        var report = await _bench.RunAsync(StudyBench.Options, told);

        Assert.Equal(Enumerable.Range(0, report.Cells.Count + 1), told.Lines.Select(l => l.Done));
        Assert.All(told.Lines, l => Assert.Equal(report.Cells.Count, l.Total));
        Assert.Null(told.Lines[0].Left);
        Assert.NotNull(told.Lines[5].Left);
    }

    [Fact]
    public void Run_WithFaultyOptions_IsRefusedAtOnce()
    {
        var inputs = new StudyInputs { Model = _bench.Model, Fitted = RandomSamples.For(_bench.Model, 4), Evaluator = _bench.Evaluator, Folder = _bench.Folder };

        Assert.Contains("2 fault(s)", Assert.Throws<InputException>(() => new StudyRun(inputs, StudyBench.Options with { Rates = [], Seeds = [] })).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => new StudyRun(inputs with { Jobs = 0 }, StudyBench.Options));
    }

    public void Dispose() => _bench.Dispose();

    private sealed class Told(Action<StudyProgress> report) : IProgress<StudyProgress>
    {
        public List<StudyProgress> Lines { get; } = [];

        public void Report(StudyProgress value)
        {
            Lines.Add(value);
            report(value);
        }
    }
}
