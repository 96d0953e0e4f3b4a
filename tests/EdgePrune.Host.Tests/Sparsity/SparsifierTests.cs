using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class SparsifierTests
{
    public static TheoryData<string> Fixtures => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Apply_EveryFixture_ZeroesNothingButWeightsAndKeepsEveryRow(string name)
    {
        var model = TestModels.Make(name);
        if (LayersOf(model).Count == 0)
        {
            var refused = Assert.Throws<ModelException>(() => Apply(model, new SparsityOptions()));
            Assert.Equal(ErrorCode.NothingToPrune, refused.Code);
            return;
        }

        foreach (var method in MethodsFor(model))
        {
            var result = Apply(model, new SparsityOptions { Rate = 0.6, Method = method, Scope = PruningScope.PerLayer });

            AssertRowsLive(result.Model);
            Assert.All(result.Report.Layers, l => Assert.Equal(Math.Min(Math.Round(0.6 * l.Count), MostZeros(result.Model, l.Weight)), l.Zeros));
            Assert.Equal(result.Report.Zeros, result.Mask.Zeros());
            AssertOthersUnchanged(model, result, method);
            Assert.All(Runtime.Run(result.Model, 3).Where(t => t.ElementType.IsFloat()), t => Assert.All(t.ToFloats(), v => Assert.True(float.IsFinite(v))));
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Apply_TwoOfFour_LeavesAtMostTwoInEveryGroup(string name)
    {
        var model = TestModels.Make(name);
        foreach (var method in LayersOf(model).Count == 0 ? [] : MethodsFor(model))
        {
            var result = Apply(model, new SparsityOptions { Pattern = SparsityPattern.Of(2, 4), Method = method });
            foreach (var layer in LayersOf(result.Model))
            {
                AssertGroups(layer, kept: 2, group: 4);
            }
        }
    }

    [Theory]
    [InlineData(PruningScope.Global)]
    [InlineData(PruningScope.PerLayer)]
    public void Apply_RateZero_GivesTheSameBytes(PruningScope scope)
    {
        var model = TestModels.MnistCnnLike();
        var result = Apply(model, new SparsityOptions { Rate = 0, Scope = scope });

        Assert.Equal(OnnxFile.ToBytes(model), result.Bytes.ToArray());
        Assert.Equal(0, result.Report.Zeros);
    }

    [Theory]
    [InlineData(SparsityMethod.Magnitude)]
    [InlineData(SparsityMethod.Wanda)]
    [InlineData(SparsityMethod.Compensated)]
    [InlineData(SparsityMethod.Random)]
    public void Apply_SameSeed_GivesTheSameBytes(SparsityMethod method)
    {
        var options = new SparsityOptions { Method = method, Rate = 0.7, Seed = 5 };

        Assert.Equal(Apply(TestModels.ResidualBlocks(), options).Bytes.ToArray(), Apply(TestModels.ResidualBlocks(), options).Bytes.ToArray());
    }

    [Theory]
    [InlineData(SparsityMethod.Magnitude, PruningScope.Global)]
    [InlineData(SparsityMethod.Wanda, PruningScope.PerLayer)]
    [InlineData(SparsityMethod.Compensated, PruningScope.PerLayer)]
    [InlineData(SparsityMethod.Compensated, PruningScope.Global)]
    public void Apply_RateNearOne_KeepsOneWeightInEveryRow(SparsityMethod method, PruningScope scope)
    {
        var result = Apply(TestModels.DepthwiseSeparable(), new SparsityOptions { Rate = 0.999, Method = method, Scope = scope });

        AssertRowsLive(result.Model);
        Assert.Equal(LayersOf(result.Model).Sum(l => l.Rows), result.Report.Weights - result.Report.Zeros);
    }

    [Theory]
    [InlineData(SparsityMethod.Wanda)]
    [InlineData(SparsityMethod.Compensated)]
    public void Apply_OnAnyFixture_IsNeverWorseThanMagnitudeOnHeldOutSamples(SparsityMethod method)
    {
        foreach (var name in new[] { nameof(TestModels.MnistCnnLike), nameof(TestModels.GroupedConv), nameof(TestModels.Mlp), nameof(TestModels.SqueezeExcite) })
        {
            var report = Apply(TestModels.Make(name), new SparsityOptions { Method = method, Rate = 0.5 }).Report;

            Assert.Equal(method, report.Choice!.Asked);
            Assert.Equal(report.Choice.Error <= report.Choice.MagnitudeError ? method : SparsityMethod.Magnitude, report.Method);
        }
    }

    [Fact]
    public void Apply_Compensated_KeepsTheMeanOfALayersOutput()
    {
        GraphBuilder g = new(1);
        g.Output(g.MatMul(g.BatchInput(24), 8));
        var model = g.Build();
        var samples = GeneratedSamples.For(model, 7, low: 1, high: 3);
        var result = Sparsifier.Apply(model, samples, new SparsityOptions { Rate = 0.6, Method = SparsityMethod.Compensated }, null, CancellationToken.None);

        Assert.Equal(SparsityMethod.Compensated, result.Report.Method);
        Assert.Equal(Means(model, samples), Means(result.Model, samples), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Apply_WeightsOf16Bits_StayOfThatType()
    {
        var model = HalfModel();
        var result = Apply(model, new SparsityOptions { Rate = 0.5, Method = SparsityMethod.Compensated });

        Assert.Equal(3, result.Report.Layers.Count);
        Assert.InRange(result.Report.Rate, 0.49, 0.51);
        Assert.All(result.Report.Layers, l => Assert.Equal(ElementType.Float16, result.Model.Graph.Values[l.Weight].ElementType));
        Assert.InRange(result.Report.Choice!.Error, 1e-9, 0.999);
    }

    [Fact]
    public void Apply_WeightThatSomethingElseReads_StaysAndIsNamed()
    {
        GraphBuilder g = new(1);
        var shared = g.Weight(0.5f, 6, 6);
        var x = g.MatMul(g.BatchInput(6), shared);
        g.Output(g.MatMul(g.Add(x, g.Slice(shared, 0, 0, 1)), 4));
        var result = Apply(g.Build(), new SparsityOptions { Rate = 0.5 });

        Assert.Contains(result.Report.Untouched, u => u.Weight == shared.Name && u.Reason.Contains("else", StringComparison.Ordinal));
        Assert.Single(result.Report.Layers);
    }

    [Fact]
    public void Apply_QuantizedModel_IsRefused()
    {
        GraphBuilder g = new(1);
        var x = g.Ops("DynamicQuantizeLinear", 3, [g.BatchInput(6)]);
        g.Output(g.MatMul(g.Op("DequantizeLinear", [x[0], x[1], x[2]]), g.Weight(0.5f, 6, 4)));

        var refused = Assert.Throws<ModelException>(() => Apply(g.Build(), new SparsityOptions()));
        Assert.Equal(ErrorCode.AlreadyQuantized, refused.Code);
    }

    [Fact]
    public void Apply_CompensatedWithoutSamples_IsRefused()
    {
        var refused = Assert.Throws<InputException>(() => Sparsifier.Apply(TestModels.Mlp(), null, new SparsityOptions { Method = SparsityMethod.Compensated }, null, CancellationToken.None));

        Assert.Equal(ErrorCode.NoSamples, refused.Code);
        Assert.Equal(SparsityMethod.Magnitude, Sparsifier.Apply(TestModels.Mlp(), null, new SparsityOptions(), null, CancellationToken.None).Report.Method);
    }

    [Fact]
    public void Apply_LayerWiderThanTheBound_FallsBackToWandaAndSaysSo()
    {
        GraphBuilder g = new(1);
        g.Output(g.MatMul(g.BatchInput(LayerCompensation.MostColumns + 1), 2));
        var model = g.Build();
        var run = new SparsityRun(model, GeneratedSamples.For(model, 40), new SparsityOptions(), CancellationToken.None);
        var layer = Assert.Single(run.Prune(SparsityMethod.Compensated).Layers);

        Assert.Equal(SparsityMethod.Wanda, layer.Method);
        Assert.Contains("4,608", layer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_MnistAtFiftyPercent_CountsAndCompresses()
    {
        var model = OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"));
        var report = Sparsifier.Apply(model, null, new SparsityOptions { Rate = 0.5, Scope = PruningScope.PerLayer }, null, CancellationToken.None).Report;

        Assert.Equal((210_938, 421_642), (report.NonZero, report.Parameters));
        Assert.True(report.Storage.ZstdAfter < 0.6 * report.Storage.ZstdBefore);
        Assert.True(report.Storage.ZstdAfter < report.Storage.FileBytes);
    }

    private static SparsityResult Apply(Model model, SparsityOptions options) =>
        Sparsifier.Apply(model, TakesSamples(model) ? GeneratedSamples.For(model, 40) : null, options, null, CancellationToken.None);

    private static SparsityMethod[] MethodsFor(Model model) => TakesSamples(model)
        ? [SparsityMethod.Magnitude, SparsityMethod.Wanda, SparsityMethod.Compensated, SparsityMethod.Random]
        : [SparsityMethod.Magnitude, SparsityMethod.Random];

    // Not when batches have a fixed size.
    private static bool TakesSamples(Model model) => model.Graph.FedInputs.All(i => i.DeclaredShape is [{ Size: null or 1 }, ..]);

    private static IReadOnlyList<SparsityLayer> LayersOf(Model model)
    {
        var copy = model.Clone();
        PassSequence.Run(copy, new ConstantNodesToInitializers());
        return SparsityLayers.Find(copy.Graph, ShapeProbe.Complete(copy, ShapeInference.Infer(copy.Graph))).Layers;
    }

    private static long MostZeros(Model model, string weight) =>
        LayersOf(model).Where(l => l.Weight.Name == weight).Select(l => l.Count - l.Rows).Single();

    private static void AssertRowsLive(Model model) =>
        Assert.All(LayersOf(model), l => Assert.All(l.Read().Chunk(l.Columns), row => Assert.Contains(row, w => w != 0)));

    private static void AssertGroups(SparsityLayer layer, int kept, int group)
    {
        foreach (var row in layer.Read().Chunk(layer.Columns))
        {
            foreach (var tap in row.Chunk(layer.Channels))
            {
                Assert.All(tap.Chunk(group), g => Assert.True(g.Count(w => w != 0) <= kept, layer.Weight.Name));
            }
        }
    }

    // Compensation may add to biases; every other constant is bit-equal.
    private static void AssertOthersUnchanged(Model model, SparsityResult result, SparsityMethod method)
    {
        var weights = result.Report.Layers.Select(l => l.Weight).ToHashSet();
        var original = model.Clone();
        PassSequence.Run(original, new ConstantNodesToInitializers());
        var same = original.Graph.Initializers.Where(v => !weights.Contains(v.Name) && (method != SparsityMethod.Compensated || !v.ElementType.IsFloat()));
        Assert.All(same, v => Assert.Equal(v.Constant!.Bytes.ToArray(), result.Model.Graph.Values[v.Name].Constant!.Bytes.ToArray()));
    }

    private static double[] Means(Model model, ISampleSource samples)
    {
        using var runner = new GraphRunner(model);
        var rows = new SampleFeeder(model, samples).Batches().SelectMany(b => runner.Run(b.Feeds)[0].ToFloats().Chunk(8)).ToList();
        return [.. Enumerable.Range(0, 8).Select(c => rows.Average(r => (double)r[c]))];
    }

    private static Model HalfModel()
    {
        GraphBuilder g = new(3);
        Value Half(params long[] dims) => g.Constant(new Tensor(ElementType.Float16, [0], default).WithFloats(g.RandomTensor(-0.5f, 0.5f, dims).ToFloats(), dims), "half");
        var x = g.Input(ElementType.Float16, [new Dim(null, "batch"), Dim.FromInt64(3), Dim.FromInt64(6), Dim.FromInt64(6)]);
        x = g.Relu(g.Conv(x, Half(8, 3, 3, 3), Half(8)));
        x = g.Relu(g.Op("Gemm", [g.Flatten(x), Half(5, 288), Half(5)], ("transB", 1)));
        g.Output(g.MatMul(x, Half(5, 4)));
        return g.Build();
    }
}
