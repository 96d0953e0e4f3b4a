using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class LabelEvaluatorTests
{
    [Fact]
    public async Task Evaluate_TheSampleModelOnAllTestDigits_Gives9914()
    {
        var evaluator = new LabelEvaluator(SampleSources.Open(Mnist.Folder));

        var result = await evaluator.EvaluateAsync(Mnist.Model, TestContext.Current.CancellationToken);

        Assert.Equal(99.14, result.Score, 1e-9);
        Assert.Equal(10_000, result.Samples);
        Assert.Equal(9914, result.Details["correct"]);
        Assert.Equal(10, result.Details["classes"]);
        Assert.InRange(result.Details["top5"], 99.9, 100);
    }

    [Fact]
    public async Task Evaluate_KnownOutputs_CountsTopOneAndTopFive()
    {
        float[][] samples = [[6, 5, 4, 3, 2, 1], [6, 5, 4, 3, 2, 1], [6, 5, 4, 3, 2, 1], [float.NaN, 5, 4, 3, 2, 1]];
        var evaluator = new LabelEvaluator(new ArraySamples(samples, [0, 4, 5, 0]));

        var result = await evaluator.EvaluateAsync(TinyModels.Identity(6), TestContext.Current.CancellationToken);

        Assert.Equal(25, result.Details["top1"]);
        Assert.Equal(50, result.Details["top5"]);
    }

    [Fact]
    public async Task Evaluate_EqualValues_GiveTheLowestClass()
    {
        var evaluator = new LabelEvaluator(new ArraySamples([[1, 1], [1, 1]], [0, 1]));

        Assert.Equal(50, (await evaluator.EvaluateAsync(TinyModels.Identity(2), TestContext.Current.CancellationToken)).Score);
    }

    [Fact]
    public async Task Evaluate_MoreSamplesThanABatch_CountsEveryOne()
    {
        var samples = Enumerable.Range(0, 131).Select(i => new float[] { i % 2, 1 - (i % 2) }).ToArray();
        var labels = Enumerable.Range(0, 131).Select(i => i == 130 ? 0 : 1 - (i % 2)).ToArray();

        var result = await new LabelEvaluator(new ArraySamples(samples, labels)).EvaluateAsync(TinyModels.Identity(2), TestContext.Current.CancellationToken);

        Assert.Equal(130, result.Details["correct"]);
    }

    [Fact]
    public async Task Evaluate_LabelBeyondTheClasses_IsRefused()
    {
        var evaluator = new LabelEvaluator(new ArraySamples([[1, 2]], [2]));

        var error = await Assert.ThrowsAsync<InputException>(() => evaluator.EvaluateAsync(TinyModels.Identity(2), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.LabelMismatch, error.Code);
    }

    [Fact]
    public void Make_WithoutLabels_IsRefused()
    {
        Assert.Equal(ErrorCode.LabelMismatch, Assert.Throws<InputException>(() => new LabelEvaluator(new ArraySamples([[1]]))).Code);
    }

    [Fact]
    public void Make_WithoutSamples_IsRefused()
    {
        Assert.Equal(ErrorCode.NoSamples, Assert.Throws<InputException>(() => new LabelEvaluator(new ArraySamples([], []))).Code);
    }

    [Fact]
    public async Task Evaluate_SamplesOfAnotherShape_IsRefused()
    {
        var evaluator = new LabelEvaluator(new ArraySamples([[1, 2, 3]], [0]));

        var error = await Assert.ThrowsAsync<InputException>(() => evaluator.EvaluateAsync(TinyModels.Identity(2), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.SampleShapeMismatch, error.Code);
    }

    [Fact]
    public async Task Evaluate_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new LabelEvaluator(new ArraySamples([[1, 2]], [0])).EvaluateAsync(TinyModels.Identity(2), source.Token));
    }
}
