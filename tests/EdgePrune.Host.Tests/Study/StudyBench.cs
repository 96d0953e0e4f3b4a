using System.Security.Cryptography;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>A small study with a fake trainer, evaluator and profiler, in a folder of its own.</summary>
internal sealed class StudyBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static StudyOptions Options => new()
    {
        Rates = [0.5],
        Epochs = [0, 1, 2],
        Seeds = [1],
        Criterion = "l2",
        CalibrationSamples = 16,
    };

    public string Folder => _folder.FullName;

    public CountingEvaluator Evaluator { get; } = new();

    public StudyTrainer Trainer { get; set; } = new();

    public IModelProfiler? Profiler { get; set; }

    public Model Model { get; set; } = TestModels.MnistCnnLike();

    public int Jobs { get; set; } = 1;

    public IEnumerable<string> CellFiles => Directory.EnumerateFiles(Path.Combine(Folder, "cells")).Order(StringComparer.Ordinal);

    public async Task<StudyReport> RunAsync(StudyOptions options, IProgress<StudyProgress>? progress = null, CancellationToken? stop = null)
    {
        var inputs = new StudyInputs { Model = Model, Fitted = RandomSamples.For(Model, 32), Evaluator = Evaluator, Trainer = Trainer, Profiler = Profiler, Jobs = Jobs, Folder = Folder };
        using var run = new StudyRun(inputs, options);
        return await run.RunAsync(progress, stop ?? TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Gives each file its own score, and counts.</summary>
    internal sealed class CountingEvaluator : IEvaluator
    {
        private int _running;

        public int Calls { get; private set; }

        public string Metric => "made up, percent";

        public Task<Evaluation> EvaluateAsync(ReadOnlyMemory<byte> model, CancellationToken cancellationToken)
        {
            Assert.Equal(1, Interlocked.Increment(ref _running));
            Calls++;
            Interlocked.Decrement(ref _running);
            return Task.FromResult(new Evaluation(100.0 * SHA256.HashData(model.Span)[0] / 255, 10, new Dictionary<string, double>()));
        }
    }

    /// <summary>Says the same of every model, and fails the test when something trains meanwhile.</summary>
    internal sealed class QuietProfiler(StudyTrainer trainer) : IModelProfiler
    {
        public List<string> Measured { get; } = [];

        public Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken)
        {
            Assert.Equal(0, trainer.Running);
            Assert.True(File.Exists(modelPath));
            Measured.Add(modelPath);
            return Task.FromResult(Reports.Converged().Original.Profile!);
        }
    }
}
