using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>Every model of the tests, as a differentiable program, gives what ONNX Runtime gives, or is refused for an operator of the list.</summary>
public sealed class FixtureTests
{
    public static TheoryData<string> TestModelNames => [.. TestModels.Names];

    public static TheoryData<string> CoverageNames => [.. CoverageModels.Names];

    public static TheoryData<string> DevelopmentNames => ["mlperf_kws_dscnn.onnx", "mnist-cnn.onnx", "fsdd_dscnn.onnx", "cifar10_resnet20.onnx"];

    [TorchTheory]
    [MemberData(nameof(TestModelNames))]
    public void Run_OfATestModel_EqualsOnnxRuntime(string name) => AssertEqualOrRefused(TestModels.Make(name));

    [TorchTheory]
    [MemberData(nameof(CoverageNames))]
    public void Run_OfACoverageModel_EqualsOnnxRuntime(string name) => AssertEqualOrRefused(CoverageModels.Make(name));

    [TorchTheory]
    [MemberData(nameof(DevelopmentNames))]
    public void Run_OfADevelopmentModel_EqualsOnnxRuntime(string name)
    {
        var path = DevelopmentData.Models.FirstOrDefault(p => Path.GetFileName(p) == name);
        Assert.SkipWhen(path is null, DevelopmentData.MissingReason);

        AssertEqual(OnnxFile.Read(path!), freeDimension: 4);
    }

    [TorchFact]
    public void Run_OfRandomModels_EqualsOnnxRuntime()
    {
        Assert.All(RandomGraphs.Fixed(LongSuite.IsOn ? 2000 : 200), random => AssertEqualOrRefused(random.Model));
    }

    private static void AssertEqualOrRefused(Model model)
    {
        if (model.Graph.Nodes.Any(n => TorchOperatorRegistry.Find(n) is null && n.OperatorType != "Constant"))
        {
            var error = Assert.Throws<ModelException>(() => new TorchGraph(model));
            Assert.Equal(ErrorCode.UnknownOperator, error.Code);
            Assert.Contains(RegistryTests.Refused, type => error.Message.Contains($"({type})", StringComparison.Ordinal));
            return;
        }

        AssertEqual(model, freeDimension: 3);
    }

    private static void AssertEqual(Model model, int freeDimension)
    {
        var feeds = Feeds.Random(model, seed: 4, freeDimension);
        using var graph = new TorchGraph(model);

        // The runtime refuses equal names.
        new UniqueNodeNames().Apply(model);
        var expected = Runtime.Run(model, feeds).Select(t => t.ElementType.IsFloat() ? Tensor.Of(t.Dims, t.ToFloats()) : t).ToList();

        // What the runtime rounds to half precision on the way is computed with 32 bits here.
        var isHalf = model.Graph.Values.Values.Any(v => v.ElementType == ElementType.Float16);
        Assert.InRange(Compare.MaxRelativeError(expected, graph.Run(feeds)), 0, isHalf ? 5e-3 : 1e-4);
    }
}
