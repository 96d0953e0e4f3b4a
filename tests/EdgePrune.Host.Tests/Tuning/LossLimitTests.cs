using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class LossLimitTests
{
    private static readonly CompressionOptions Options = new() { Rate = 0.5, Scope = PruningScope.PerLayer, Steps = 5, CalibrationSamples = 64 };

    [Fact]
    public async Task Run_WhenAStepBreaksTheLimit_TakesTheLastGoodModel()
    {
        var (evaluator, pipeline) = Pipeline(100, 99.5, 99, 97);
        List<string> progress = [];

        var result = await pipeline.RunAsync(Options with { MaxLoss = 1 }, new Notes(progress), TestContext.Current.CancellationToken);

        var limit = result.Limit!;
        Assert.Equal([99.5, 99, 97], limit.Steps.Select(s => s.Score));
        Assert.Equal([true, true, false], limit.Steps.Select(s => s.Met));
        Assert.Equal(2, limit.LastGood);
        Assert.Equal(100, limit.OriginalScore);
        Assert.Equal(0.2, result.Plan.Rate, 12);
        Assert.Equal(2, result.Plan.Steps!.Count);
        Assert.Equal((await Pipeline().Pipeline.RunAsync(Options with { Rate = 0.2, Steps = 2 }, null, TestContext.Current.CancellationToken)).Widths, result.Widths);
        Assert.Contains("step 3: measuring accuracy", progress);
        Assert.True(evaluator.Asked >= 4);
    }

    [Fact]
    public async Task Run_WhenNoStepBreaksTheLimit_GoesToTheWholeRate()
    {
        var result = await Pipeline(100).Pipeline.RunAsync(Options with { MaxLoss = 0 }, null, TestContext.Current.CancellationToken);

        Assert.Equal(result.Plan.Steps!.Count, result.Limit!.LastGood);
        Assert.Equal(0.5, result.Plan.Rate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Run_WhenTheFirstStepBreaksTheLimit_RemovesNothing(int steps)
    {
        var result = await Pipeline(100, 50).Pipeline.RunAsync(Options with { MaxLoss = 1, Steps = steps }, null, TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Limit!.LastGood);
        Assert.Equal(result.Before.Parameters, result.After.Parameters);
        Assert.All(result.Plan.Groups, g => Assert.Empty(g.Remove));
    }

    [Fact]
    public async Task Apply_ThePlanOfALimitedRun_GivesTheSameBytes()
    {
        var result = await Pipeline(100, 99.5, 99, 97).Pipeline.RunAsync(Options with { MaxLoss = 1 }, null, TestContext.Current.CancellationToken);

        var replayed = Pipeline().Pipeline.Apply(PlanFile.Parse(PlanFile.Print(result.Plan)), Options, null, TestContext.Current.CancellationToken);

        Assert.Equal(result.Widths, replayed.Widths);
    }

    [Fact]
    public async Task Run_WithALimitAndNothingToScoreWith_SaysSo()
    {
        var pipeline = new CompressionPipeline(TestModels.Mlp(), null);

        var error = await Assert.ThrowsAsync<InputException>(() => pipeline.RunAsync(Options with { MaxLoss = 1 }, null, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(101.0)]
    [InlineData(double.NaN)]
    public void Validate_ALimitOutOfRange_IsAFault(double points) =>
        Assert.Contains("maxLoss", Assert.Single((Options with { MaxLoss = points }).Validate()), StringComparison.Ordinal);

    [Fact]
    public void Validate_ALimitWithTrials_IsAFault() =>
        Assert.Contains((Options with { MaxLoss = 1, Steps = 1, Scope = PruningScope.Global, Allocation = RateAllocation.Trial }).Validate(), f => f.Contains("maxLoss", StringComparison.Ordinal));

    private static (Scores Evaluator, CompressionPipeline Pipeline) Pipeline(params double[] scores)
    {
        var evaluator = new Scores(scores);
        var model = TestModels.ResidualBlocks();
        return (evaluator, new CompressionPipeline(model, RandomSamples.For(model, 96)) { Evaluator = evaluator });
    }

    // Gives one score after the other, the last for ever.
    private sealed class Scores(double[] scores) : IEvaluator
    {
        public string Metric => "points";

        public int Asked { get; private set; }

        public Task<Evaluation> EvaluateAsync(ReadOnlyMemory<byte> model, CancellationToken cancellationToken)
        {
            Assert.NotEmpty(OnnxFile.Read(model.Span).Graph.Nodes);
            return Task.FromResult(new Evaluation(scores[Math.Min(Asked++, scores.Length - 1)], 10, new Dictionary<string, double>()));
        }
    }

    private sealed class Notes(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }
}
