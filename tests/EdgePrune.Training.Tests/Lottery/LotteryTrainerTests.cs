using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>The lottery ticket on a tiny net.</summary>
public sealed class LotteryTrainerTests
{
    private static readonly LotteryRecipe Quick = new()
    {
        Training = new TrainingOptions { Epochs = 4, LearningRate = 5e-3, BatchSize = 16, Seed = 7, Threads = 1 },
        Rounds = 3,
        RoundRate = 0.5,
    };

    [TorchFact]
    public void Run_HalvesTheWeightsInEachRound_AndScoresTicketAndControl()
    {
        var rounds = Find(Quick).Report.Rounds;

        Assert.Equal([0, 1, 2, 3], rounds.Select(r => r.Round));
        Assert.Equal(rounds[0].Parameters, rounds[0].NonZero);
        Assert.All(rounds.Zip(rounds.Skip(1)), p => Assert.InRange(p.Second.NonZero, (p.First.NonZero / 2) - 1, (p.First.NonZero / 2) + 1));
        Assert.Null(rounds[0].Random);
        Assert.All(rounds.Skip(1), r => Assert.InRange(r.Random!.Value, 0, 100));
        Assert.All(rounds, r => Assert.InRange(r.Ticket, 30, 100));
    }

    [TorchFact]
    public void Run_TheTicketIsSparse_AndItsBiasesAreNot()
    {
        var result = Find(Quick);

        var weights = MaskableWeights.Of(result.Ticket).SelectMany(n => result.Ticket.Graph.Values[n].Constant!.ToFloats()).ToList();
        Assert.Equal(result.Report.Rounds[^1].NonZero, weights.LongCount(w => w != 0));
        Assert.All(MaskableWeights.Of(result.Ticket), n => Assert.Equal(2, result.Ticket.Graph.Values[n].Constant!.Rank));

        // The scores' own biases always have a gradient; those of units that nobody reads any more stay at 0.
        Assert.All(result.Ticket.Graph.Initializers.Last(v => v.Constant!.Rank == 1).Constant!.ToFloats(), b => Assert.NotEqual(0, b));
    }

    [TorchFact]
    public void Run_TwiceWithTheSameSeed_GivesTheSameReport() => Assert.Equal(Find(Quick).Report.Rounds, Find(Quick).Report.Rounds);

    [TorchFact]
    public void Run_RewoundToAStep_TrainsTheTicketFromThere()
    {
        var early = Find(Quick with { Rounds = 1, RewindStep = 5 });
        var first = Find(Quick with { Rounds = 1 });

        Assert.Equal(early.Report.Rounds[0], first.Report.Rounds[0]);
        Assert.NotEqual(OnnxFile.ToBytes(early.Ticket), OnnxFile.ToBytes(first.Ticket));
    }

    [TorchFact]
    public void RememberedWeights_AreThoseOfTheStep()
    {
        using var graph = new TorchGraph(TestModels.Mlp());
        var memory = new RememberedWeights(graph, 2);
        var start = OnnxFile.ToBytes(memory.Weights);
        void Change() => TorchSharp.torch.nn.init.ones_(graph.Parameters.Values.First());

        memory.AfterStep(1, 3);
        Assert.Equal(start, OnnxFile.ToBytes(memory.Weights));
        Change();
        memory.AfterStep(2, 3);
        var then = OnnxFile.ToBytes(memory.Weights);
        memory.AfterStep(3, 3);

        Assert.NotEqual(start, then);
        Assert.Equal(then, OnnxFile.ToBytes(memory.Weights));
    }

    [Fact]
    public void TicketMask_TakesTheSmallestOfWhatIsLeft_OverAllWeights()
    {
        GraphBuilder g = new();
        var h = g.Op("Gemm", [g.BatchInput(2), g.Constant(Tensor.Of([2, 2], [1f, -4, 3, -2]), "a")]);
        g.Output(g.Op("Gemm", [h, g.Constant(Tensor.Of([2, 2], [0.5f, 9, 8, 7]), "b")]));
        var model = g.Build();

        var half = TicketMask.Whole(model, ["a1", "b1"]).Without(model, 0.5);
        var quarter = half.Without(model, 0.5).Zeros(model);

        Assert.Equal((4, 8), (half.Kept, half.Count));
        Assert.Equal([true, true, true, true], Enumerable.Range(0, 4).Select(quarter.Weights[0].IsZero));
        Assert.Equal([true, false, false, true], Enumerable.Range(0, 4).Select(quarter.Weights[1].IsZero));
    }

    [TorchFact]
    public void Run_Cancelled_ReportsTheRoundsThatAreComplete()
    {
        using var stop = new CancellationTokenSource();
        var watch = new Watch(l => CancelInRound2(l, stop));

        var result = new LotteryTrainer().Run(TestModels.Mlp(), new MemorySamples(160, 3, 10), Quick, new FineTuneSettings { Progress = watch }, stop.Token);

        Assert.Equal([0, 1], result.Report.Rounds.Select(r => r.Round));
        Assert.Equal(TrainingEnd.Cancelled, result.Summary.End);
    }

    private static void CancelInRound2(TrainingLine line, CancellationTokenSource stop)
    {
        if (line is TrainingProgress { Phase: "round 2 of 3, the ticket" })
        {
            stop.Cancel();
        }
    }

    private static LotteryResult Find(LotteryRecipe recipe) =>
        new LotteryTrainer().Run(TestModels.Mlp(), new MemorySamples(160, 3, 10), recipe, null, TestContext.Current.CancellationToken);
}
