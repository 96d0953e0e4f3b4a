using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>The ONNX project's own tests of operators, through our reader and writer. Part of the long suite.</summary>
public sealed class NodeTestTests
{
    [Fact]
    public void NodeTests_ReadAndWritten_GiveTheExpectedOutputs()
    {
        Assert.SkipWhen(NodeTestCase.All.Count == 0, NodeTestCase.MissingReason);

        var runs = NodeTestCase.All.Select(t => (Test: t, Run: NodeTestRun.Of(t))).ToList();

        foreach (var outcome in runs.GroupBy(r => r.Run.Outcome).OrderBy(g => g.Key))
        {
            LongSuite.Progress($"ONNX node tests, {outcome.Key}: {outcome.Count()} of {runs.Count}");
        }

        foreach (var skipped in runs.Where(r => r.Run.Outcome is NodeTestOutcome.SkippedByRuntime or NodeTestOutcome.SkippedByType))
        {
            LongSuite.Progress($"  {skipped.Test}: {skipped.Run.Detail}");
        }

        Assert.Empty(runs.Where(r => r.Run.Outcome is NodeTestOutcome.NotRead or NodeTestOutcome.NotEqual).Select(r => $"{r.Test}: {r.Run.Outcome}, {r.Run.Detail}"));
        Assert.True(runs.Count(r => r.Run.Outcome == NodeTestOutcome.Equal) > runs.Count / 2);
    }

    [Fact]
    public void NodeTests_WrittenTwice_GiveTheSameBytes()
    {
        Assert.SkipWhen(NodeTestCase.All.Count == 0, NodeTestCase.MissingReason);

        Assert.All(NodeTestCase.All, test =>
        {
            var written = OnnxFile.ToBytes(OnnxFile.Read(test.Path));
            Assert.True(written.AsSpan().SequenceEqual(OnnxFile.ToBytes(OnnxFile.Read(written))), test.Name);
        });
    }
}
