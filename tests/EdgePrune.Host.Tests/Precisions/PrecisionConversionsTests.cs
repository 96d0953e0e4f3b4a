using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>What holds for every conversion.</summary>
public sealed class PrecisionConversionsTests
{
    private static readonly double[] LargestErrors = [0.1, 2e-3, 0.02, 0.3];

    public static TheoryData<string> Names => [.. PrecisionConversions.All.Select(c => c.Name)];

    public static TheoryData<string, string> NamesAndModels => [.. from c in PrecisionConversions.All from m in TestModels.Names where m != "UnknownOperator" select (c.Name, m)];

    [Fact]
    public void Find_UnknownName_SaysWhichThereAre()
    {
        var error = Assert.Throws<InputException>(() => PrecisionConversions.Find("float8"));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Contains("dynamic, float16, weights8, weights4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NamesAndModels))]
    public void Convert_EveryModel_StaysWithinTheErrorOfItsPrecision(string precision, string name)
    {
        var model = TestModels.Make(name);
        var converted = ConversionChecks.Convert(precision, model);
        var limit = LargestErrors[PrecisionConversions.All.Index().First(c => c.Item.Name == precision).Index];

        Assert.InRange(ConversionChecks.OutputError(model, converted.Model), 0, limit);
        Assert.All(converted.Report.Nodes, n => Assert.InRange(n.WeightError ?? 0, 0, 0.25));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_RandomGraphs_StayWithinTheErrorOfTheirPrecision(string precision)
    {
        var limit = LargestErrors[PrecisionConversions.All.Index().First(c => c.Item.Name == precision).Index];
        for (var seed = 0; seed < 12; seed++)
        {
            GraphBuilder g = new(seed);
            var x = g.BatchInput(16 + (7 * seed));
            var hidden = g.Relu(g.Gemm(x, 40 + (3 * seed), transposed: seed % 2 == 0));
            hidden = g.Add(g.MatMul(hidden, 64), g.Gemm(x, 64, transposed: seed % 3 == 0));
            g.Output(g.Gemm(g.Relu(hidden), 10 + seed));
            var model = g.Build();

            var error = ConversionChecks.OutputError(model, ConversionChecks.Convert(precision, model).Model, seed: seed);
            Assert.True(error <= limit, $"seed {seed}: {error}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_Twice_GivesTheSameBytesAndLeavesTheModel(string precision)
    {
        var model = TestModels.Mlp();
        var before = OnnxFile.ToBytes(model);

        Assert.Equal(OnnxFile.ToBytes(ConversionChecks.Convert(precision, model).Model), OnnxFile.ToBytes(ConversionChecks.Convert(precision, model).Model));
        Assert.Equal(before, OnnxFile.ToBytes(model));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_ConvertedModel_IsWrittenReadAndRunAlike(string precision)
    {
        var converted = ConversionChecks.Convert(precision, TestModels.Mlp()).Model;

        Assert.InRange(ConversionChecks.OutputError(converted, OnnxFile.Read(OnnxFile.ToBytes(converted))), 0, 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_ModelOfIntegers_IsRefused(string precision)
    {
        foreach (var other in new[] { "dynamic", "weights8", "weights4" })
        {
            var quantized = ConversionChecks.Convert(other, ConversionChecks.Dense(64, 64, ConversionChecks.Weights(64 * 64))).Model;

            var error = Assert.Throws<ModelException>(() => ConversionChecks.Convert(precision, quantized));
            Assert.Equal(ErrorCode.AlreadyQuantized, error.Code);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_Cancelled_Stops(string precision)
    {
        Assert.Throws<OperationCanceledException>(() => PrecisionConversions.Find(precision).Convert(TestModels.Mlp(), new CancellationToken(canceled: true)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_GraphWithoutNodes_SaysThatNothingWasConverted(string precision)
    {
        var model = ModelFactory.Create("empty");
        var editor = new GraphEditor(model.Graph);
        editor.AddGraphOutput(editor.AddNode("Identity", [editor.AddInput("x", ElementType.Float32, Dim.FromInt64(3))], "y").Output);

        var converted = ConversionChecks.Convert(precision, model);

        Assert.Empty(converted.Report.Nodes);
        Assert.Equal("Nothing was converted.", converted.Report.Notes[0]);
        Assert.InRange(ConversionChecks.OutputError(model, converted.Model), 0, 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_WeightsOfZeros_StayZeros(string precision)
    {
        var model = ConversionChecks.Dense(64, 32, new float[64 * 32]);
        var converted = ConversionChecks.Convert(precision, model);

        Assert.All(ConversionChecks.Run(converted.Model, Feeds.Random(model, 1, 2))[0].ToFloats(), y => Assert.Equal(0, y));
        Assert.All(converted.Report.Nodes, n => Assert.Equal(0, n.WeightError));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_OneHugeWeight_StaysFiniteAndNear(string precision)
    {
        var weights = ConversionChecks.Weights(64 * 32);
        weights[700] = 3e4f;
        var model = ConversionChecks.Dense(64, 32, weights);

        Assert.InRange(ConversionChecks.OutputError(model, ConversionChecks.Convert(precision, model).Model), 0, 0.02);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_LargestAndSmallestFloats_StayFinite(string precision)
    {
        var weights = ConversionChecks.Weights(64 * 32);
        Array.Fill(weights, 1e-42f, 0, 64 * 8);
        weights[600] = 1e34f;
        var model = ConversionChecks.Dense(64, 32, weights);

        Assert.InRange(ConversionChecks.OutputError(model, ConversionChecks.Convert(precision, model).Model), 0, 0.02);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_LargestNumbersOnBothSides_DoNotSaturate(string precision)
    {
        // Sums of two products of 255 and 127 do not fit into 16 bits, in which some x64 instructions add.
        foreach (var (weightStep, inputStep) in new[] { (1, 1), (2, 1), (1, 2), (3, 2), (5, 7) })
        {
            float[] weights = [.. Enumerable.Range(0, 256 * 32).Select(i => i % weightStep == 0 ? 1f : -1)];
            float[] inputs = [.. Enumerable.Range(0, 256).Select(i => i % inputStep == 0 ? 1f : -1)];
            var model = ConversionChecks.Dense(256, 32, weights);
            var feeds = new Dictionary<string, Tensor> { [model.Graph.FedInputs.First().Name] = Tensor.Of([1, 256], inputs) };
            var expected = ConversionChecks.Run(model, feeds)[0].ToFloats();

            // Two hundredths of the largest possible sum.
            Assert.All(ConversionChecks.Run(ConversionChecks.Convert(precision, model).Model, feeds)[0].ToFloats().Zip(expected), p => Assert.Equal(p.Second, p.First, 5f));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_WeightThatIsNoNumber_IsLeftWithTheReason(string precision)
    {
        foreach (var odd in new[] { float.NaN, float.PositiveInfinity })
        {
            var weights = ConversionChecks.Weights(64 * 32);
            weights[7] = odd;

            var node = Assert.Single(ConversionChecks.Convert(precision, ConversionChecks.Dense(64, 32, weights)).Report.Nodes);
            Assert.Equal("float32", node.Precision);
            Assert.Contains("not finite numbers", node.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_OddSizes_KeepShapesAndValues(string precision)
    {
        var limit = LargestErrors[PrecisionConversions.All.Index().First(c => c.Item.Name == precision).Index];
        foreach (var (inputs, outputs) in new[] { (1025, 1), (33, 65), (129, 31), (31, 97), (2, 1000) })
        {
            var model = ConversionChecks.Dense(inputs, outputs, ConversionChecks.Weights(inputs * outputs));

            Assert.InRange(ConversionChecks.OutputError(model, ConversionChecks.Convert(precision, model).Model), 0, limit);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_SharedWeight_ServesBothReaders(string precision)
    {
        var limit = LargestErrors[PrecisionConversions.All.Index().First(c => c.Item.Name == precision).Index];
        GraphBuilder g = new(2);
        var (x, w) = (g.BatchInput(48), g.Weight(0.2f, 48, 48));
        g.Output(g.Op("MatMul", [g.Relu(g.Op("MatMul", [x, w])), w]));
        g.Output(g.Op("Gemm", [x, w], ("transB", 1), ("alpha", 0.5f)));
        var model = g.Build();
        var converted = ConversionChecks.Convert(precision, model);

        Assert.All(converted.Report.Nodes, n => Assert.Equal(precision, n.Precision));
        Assert.InRange(ConversionChecks.OutputError(model, converted.Model), 0, limit);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_GemmWithFactorsAndBiases_KeepsThem(string precision)
    {
        var limit = LargestErrors[PrecisionConversions.All.Index().First(c => c.Item.Name == precision).Index];
        GraphBuilder g = new(2);
        var x = g.BatchInput(48);
        g.Output(g.Op("Gemm", [x, g.Weight(0.2f, 48, 30), g.Weight(1, 30)], ("alpha", 2f), ("beta", 0.5f)));
        g.Output(g.Op("Gemm", [x, g.Weight(0.2f, 30, 48), g.Weight(1, 1, 30)], ("transB", 1)));
        g.Output(g.Op("Gemm", [x, g.Weight(0.2f, 48, 30)], ("alpha", -1f)));
        g.Output(g.Op("Gemm", [x, g.Weight(0.2f, 48, 30), g.Scalar(0.3f)], ("beta", 0f)));
        var model = g.Build();
        var converted = ConversionChecks.Convert(precision, model);

        Assert.All(converted.Report.Nodes.Where(n => n.Precision == "float32"), n => Assert.Equal("float16", precision));
        Assert.InRange(ConversionChecks.OutputError(model, converted.Model), 0, limit);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_WeightsInSubgraphs_AreLeftAndNamed(string precision)
    {
        var model = TestModels.SubgraphIf();
        var nodes = ConversionChecks.Convert(precision, model).Report.Nodes.Where(n => n.OperatorType == "If").ToList();

        Assert.All(nodes, n => Assert.Equal("float32", n.Precision));
        Assert.Contains(nodes, n => n.Reason.Contains("left as they are", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Convert_WeightThatBranchesRead_StaysForThem(string precision)
    {
        var limit = LargestErrors[PrecisionConversions.All.Index().First(c => c.Item.Name == precision).Index];
        var model = BranchModel.Make();
        var converted = ConversionChecks.Convert(precision, model);
        var dense = converted.Report.Nodes.Where(n => n.OperatorType == "MatMul").ToList();

        // A Cast gives a weight another name, and a branch knows it by the old one. A product behind an If reads a value of unknown rank.
        string[] expected = precision == "float16" ? ["float32", precision] : [precision, "float32"];
        Assert.Equal(expected, dense.Select(n => n.Precision));
        Assert.All(new[] { 5, 6, 7, 8 }, seed => Assert.InRange(ConversionChecks.OutputError(model, converted.Model, seed: seed), 0, limit));
    }
}
