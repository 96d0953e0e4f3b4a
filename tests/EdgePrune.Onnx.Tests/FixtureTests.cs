using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class FixtureTests
{
    public static TheoryData<string> Names => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fixture_RunsInOnnxRuntime_GivesFiniteOutputs(string name)
    {
        var outputs = Runtime.Run(TestModels.Make(name), 1);
        Assert.All(outputs.Where(o => o.ElementType.IsFloat()), o => Assert.All(o.ToFloats(), v => Assert.True(float.IsFinite(v))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fixture_OutputsDependOnInputs(string name)
    {
        var model = TestModels.Make(name);
        Assert.NotEqual(0, Compare.MaxRelativeError(Runtime.Run(model, 1), Runtime.Run(model, 2)));
    }

    [Fact]
    public void EveryOperatorOfTheRegistry_AppearsInAFixture()
    {
        var models = TestModels.Names.Select(TestModels.Make).Concat(CoverageModels.Names.Select(CoverageModels.Make));
        var seen = models.SelectMany(m => m.Graph.Nodes).Select(n => (n.Domain, n.OperatorType)).ToHashSet();
        Assert.Empty(OperatorRegistry.All.SelectMany(d => d.Types.Select(t => (d.Domain, t))).Except(seen));
    }
}
