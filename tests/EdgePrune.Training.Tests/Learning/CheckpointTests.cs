using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Training.Tests;

/// <summary>A run that was cut off goes on bit for bit, and from nothing but its own checkpoint.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly TrainingOptions Adam = new() { Epochs = 3, BatchSize = 8, LearningRate = 0.01, Seed = 7, Threads = 1 };

    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-checkpoint-").FullName;

    public static TheoryData<string> Recipes => ["adam", "sgd", "everything", "live"];

    private string File1 => Path.Combine(_folder, "state");

    [TorchTheory]
    [MemberData(nameof(Recipes))]
    public void Run_CutOffAfterAnyStepAndResumed_GivesTheBytesOfAWholeRun(string name)
    {
        var options = Options(name);
        var whole = Train(options, null);
        var steps = whole.Summary.Steps;

        Assert.All(Enumerable.Range(0, steps), cut =>
        {
            File.Delete(File1);
            using var stop = new CancellationTokenSource();
            if (cut == 0)
            {
                stop.Cancel();
            }

            var part = Train(options, Watch.CancelAt(cut, stop), cancellation: stop.Token);
            var rest = Train(options, null);

            Assert.Equal((TrainingEnd.Cancelled, cut), (part.Summary.End, part.Summary.Steps));
            Assert.Equal(OnnxFile.ToBytes(whole.Model), OnnxFile.ToBytes(rest.Model));
            Assert.Equal(whole.Summary.Epochs, rest.Summary.Epochs);
        });
    }

    [TorchTheory]
    [MemberData(nameof(Recipes))]
    public void Run_KilledAtAnyStepAndResumed_GivesTheBytesOfAWholeRun(string name)
    {
        var options = Options(name);
        var whole = Train(options, null);

        Assert.All(Enumerable.Range(1, whole.Summary.Steps), death =>
        {
            File.Delete(File1);
            FakeTimeProvider clock = new();
            Assert.Throws<IOException>(() => Train(options, new Watch(line => DieAt(line, death, clock)), clock: clock));

            Assert.Equal(death > 1, File.Exists(File1));
            Assert.Equal(OnnxFile.ToBytes(whole.Model), OnnxFile.ToBytes(Train(options, null).Model));
        });
    }

    [TorchFact]
    public void Run_WithACheckpoint_WritesItAfterEachEpoch_WithinOneWhenTimeIsUp()
    {
        List<string> seen = [];
        Watch Look(FakeTimeProvider clock, TimeSpan perStep) => new(line =>
        {
            if (line is TrainingProgress step)
            {
                seen.Add(File.Exists(File1) ? $"{step.Step}: {CheckpointFile.Read(File1).Done}" : $"{step.Step}: none");
                clock.Advance(perStep);
            }
        });

        FakeTimeProvider still = new();
        Train(Adam with { Epochs = 2 }, Look(still, TimeSpan.Zero), clock: still);
        File.Delete(File1);
        FakeTimeProvider going = new();
        Train(Adam with { Epochs = 2 }, Look(going, TimeSpan.FromSeconds(30)), clock: going);

        Assert.Equal(["1: none", "2: none", "3: none", "4: 3", "5: 3", "6: 3"], seen[..6]);
        Assert.Equal(["1: none", "2: none", "3: 2", "4: 3", "5: 3", "6: 5"], seen[6..]);
    }

    [TorchFact]
    public void Run_CheckpointOfSomethingElse_IsRefusedByName()
    {
        MakeCheckpoint();
        var (model, samples, aids) = (TinyModels.Planes(), Samples(), new TrainingAids());
        void Refuses(string what, Action run)
        {
            var error = Assert.Throws<InputException>(run);
            Assert.Equal(ErrorCode.InvalidCheckpoint, error.Code);
            Assert.Contains($"it had another {what}.", error.Message, StringComparison.Ordinal);
        }

        Refuses("model", () => Train(Adam, null, model: TinyModels.Planes(seed: 4)));
        Refuses("recipe", () => Train(Adam with { Seed = 8 }, null));
        Refuses("samples", () => Train(Adam, null, samples: new MemorySamples(25, 4, 1, 6, 6)));
        Refuses("samples", () => Train(Adam, null, samples: new MemorySamples(24, 4, 1, 6, 6) { Labels = [.. Enumerable.Repeat(1, 24)] }));
        Refuses("mask", () => new FineTuner().Run(model, samples, aids with { Mask = SparsityMask.Of(model, [model.Graph.Initializers[0].Name]) }, Recipe(Adam), new FineTuneSettings { Checkpoint = File1 }));
        Refuses("teacher", () => new FineTuner().Run(model, samples, aids with { Teacher = model }, Recipe(Adam), new FineTuneSettings { Checkpoint = File1 }));
        Refuses("validation", () => new FineTuner().Run(model, samples, aids, Recipe(Adam), new FineTuneSettings { Checkpoint = File1, Validation = samples }));
        Refuses("model, another recipe", () => Train(Adam with { Seed = 8 }, null, model: TinyModels.Planes(seed: 4)));
    }

    [TorchFact]
    public void Run_CheckpointCutOffAnywhere_IsRefused()
    {
        MakeCheckpoint();
        var bytes = File.ReadAllBytes(File1);

        Assert.All(Enumerable.Range(0, bytes.Length).Where(i => i < 64 || i > bytes.Length - 64 || i % 61 == 0), length => Refused(bytes[..length]));
    }

    [TorchFact]
    public void Run_CheckpointWithAnyByteChanged_IsRefused()
    {
        MakeCheckpoint();
        var bytes = File.ReadAllBytes(File1);

        Assert.All(Enumerable.Range(0, bytes.Length).Where(i => i < 64 || i > bytes.Length - 64 || i % 61 == 0), place =>
        {
            var damaged = bytes.ToArray();
            damaged[place] ^= 1;
            Refused(damaged);
        });
    }

    [TorchFact]
    public void Run_CheckpointThatLies_WithARightChecksum_IsRefused()
    {
        MakeCheckpoint();
        var sound = CheckpointFile.Read(File1);
        void Lies(TrainingCheckpoint lie)
        {
            CheckpointFile.Write(File1, lie);
            Assert.Equal(ErrorCode.InvalidCheckpoint, Assert.Throws<InputException>(() => Train(Adam, null)).Code);
        }

        Lies(sound with { Weights = [.. sound.Weights.Skip(1)] });
        Lies(sound with { Weights = [.. sound.Weights.Select(w => w with { Values = [.. w.Values, 1] })] });
        Lies(sound with { Weights = [.. sound.Weights.Select(w => w with { Name = "other" })] });
        Lies(sound with { Best = [], Done = -1 });
        Lies(sound with { Done = 10 });
        Lies(sound with { Done = 7 });
        Lies(sound with { Optimizer = [] });
        Lies(sound with { Optimizer = [1, 2, 3] });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The last has validation, early stopping that does not come, and augmentation.
    private static TrainingOptions Options(string name) => name switch
    {
        "adam" => Adam,
        "live" => Adam with { LiveStatistics = true, ValidationShare = 0.25, Patience = 3 },
        "sgd" => Adam with { Optimizer = TrainingOptimizer.Sgd, Schedule = LearningSchedule.Step },
        _ => Adam with { ValidationShare = 0.25, Patience = 3, Augmentation = new Augmentation { Shift = 1, Flip = true, Noise = 0.1 } },
    };

    private static MemorySamples Samples() => new(24, 4, 1, 6, 6);

    private static FineTuneRecipe Recipe(TrainingOptions options) => new() { Training = options };

    // A minute goes by with each step, so that a checkpoint is always due.
    private static void DieAt(TrainingLine line, int step, FakeTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromMinutes(1));
        if (line is TrainingProgress progress && progress.Step == step)
        {
            throw new IOException("The process was killed.");
        }
    }

    private void MakeCheckpoint()
    {
        using var stop = new CancellationTokenSource();
        Train(Adam, Watch.CancelAt(5, stop), cancellation: stop.Token);
    }

    private void Refused(byte[] bytes)
    {
        File.WriteAllBytes(File1, bytes);
        Assert.Equal(ErrorCode.InvalidCheckpoint, Assert.Throws<InputException>(() => CheckpointFile.Read(File1)).Code);
    }

    private TrainedModel Train(
        TrainingOptions options, IProgress<TrainingLine>? progress, Model? model = null, MemorySamples? samples = null, FakeTimeProvider? clock = null, CancellationToken cancellation = default) =>
        new FineTuner().Run(model ?? TinyModels.Planes(), samples ?? Samples(), new TrainingAids(), Recipe(options),
            new FineTuneSettings { Checkpoint = File1, Progress = progress, Clock = clock ?? new FakeTimeProvider() }, cancellation);
}
