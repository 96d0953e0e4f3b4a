using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class AgreementEvaluatorTests
{
    private static readonly float[][] Samples = [[1, 0], [0, 1], [3, 1], [1, 3]];

    [Fact]
    public async Task Evaluate_TheSameModel_AgreesWholly()
    {
        using var evaluator = new AgreementEvaluator(TinyModels.Identity(2), new ArraySamples(Samples));

        var result = await evaluator.EvaluateAsync(TinyModels.Identity(2), TestContext.Current.CancellationToken);

        Assert.Equal(100, result.Score);
        Assert.Equal(0, result.Details["klDivergence"], 1e-12);
        Assert.Equal(AgreementEvaluator.MaxSqnr, result.Details["sqnrDb"]);
    }

    [Fact]
    public async Task Evaluate_KnownDifference_GivesTheFiguresOfTheFormulas()
    {
        using var evaluator = new AgreementEvaluator(TinyModels.Identity(2), new ArraySamples([[1, 0], [0, 1]]));

        var result = await evaluator.EvaluateAsync(TinyModels.MatMul(2, 2, 1, 0, 2, 1), TestContext.Current.CancellationToken);

        // Outputs (1,0) and (0,1) against (1,0) and (2,1): signal 2, difference 4.
        Assert.Equal(50, result.Score);
        Assert.Equal(10 * Math.Log10(0.5), result.Details["sqnrDb"], 1e-9);
        var p = 1 / (1 + Math.E);
        var expected = ((p * Math.Log(p / (1 - p))) + ((1 - p) * Math.Log((1 - p) / p))) / 2;
        Assert.Equal(expected, result.Details["klDivergence"], 1e-6);
    }

    [Fact]
    public async Task Evaluate_OutputWithoutClasses_ScoresLikeness()
    {
        using var evaluator = new AgreementEvaluator(TinyModels.MatMul(2, 1, 1, 1), new ArraySamples(Samples));

        var result = await evaluator.EvaluateAsync(TinyModels.MatMul(2, 1, 0.9f, 0.9f), TestContext.Current.CancellationToken);

        Assert.Equal(90, result.Score, 1e-4);
        Assert.StartsWith("likeness", evaluator.Metric, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_CandidateThatGivesNoNumbers_ScoresNothing()
    {
        using var evaluator = new AgreementEvaluator(TinyModels.Identity(2), new ArraySamples(Samples));

        var result = await evaluator.EvaluateAsync(TinyModels.MatMul(2, 2, float.NaN, float.NaN, float.NaN, float.NaN), TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Score);
        Assert.Equal(-AgreementEvaluator.MaxSqnr, result.Details["sqnrDb"]);
        Assert.True(double.IsFinite(result.Details["klDivergence"]));
    }

    [Fact]
    public async Task Evaluate_OutputOfAnotherShape_IsRefused()
    {
        using var evaluator = new AgreementEvaluator(TinyModels.Identity(2), new ArraySamples(Samples));

        var error = await Assert.ThrowsAsync<InputException>(() => evaluator.EvaluateAsync(TinyModels.MatMul(2, 1, 1, 1), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.SampleShapeMismatch, error.Code);
    }

    [Fact]
    public void For_PicksCommandThenLabelsThenAgreement()
    {
        var model = TinyModels.Identity(2);
        using var agreement = Evaluators.For(model, new ArraySamples(Samples), null) as IDisposable;

        Assert.IsType<AgreementEvaluator>(agreement);
        Assert.IsType<LabelEvaluator>(Evaluators.For(model, new ArraySamples(Samples, [0, 1, 0, 1]), null));
        Assert.IsType<CommandEvaluator>(Evaluators.For(model, new ArraySamples(Samples, [0, 1, 0, 1]), "score {model}"));
        Assert.Equal(ErrorCode.NoSamples, Assert.Throws<InputException>(() => Evaluators.For(model, null, null)).Code);
    }
}
