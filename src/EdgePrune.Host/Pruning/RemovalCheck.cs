using EdgePrune.Contracts;
using EdgePrune.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Host;

/// <summary>
/// Proves a removal on the user's own model: on random inputs the pruned model must give what the original gives with the
/// same channels zeroed at every contracting consumer. It cannot be switched off.
/// </summary>
internal static class RemovalCheck
{
    /// <summary>Largest difference allowed, relative to an output's largest absolute value, in 32-bit floats.</summary>
    public const double Tolerance = 1e-5;

    private const int Samples = 3;

    // Above it, what a contraction gives is compared on one of the inputs only, so that less is in memory at one time.
    private const long MostWitnesses = 4_000_000;

    public static RemovalProof Require(ModelAnalysis analysis, RemovedChannels removed, Model pruned)
    {
        using var expected = new GraphRunner(WithWitnesses(ChannelMask.Apply(analysis, removed), analysis), new RunnerOptions { Optimize = false });
        using var actual = new GraphRunner(WithWitnesses(pruned.Clone(), analysis), new RunnerOptions { Optimize = false });
        var tolerance = analysis.Model.Graph.Initializers.Any(v => v.ElementType is ElementType.Float16 or ElementType.BFloat16) ? 1e-2 : Tolerance;
        var differences = expected.OutputNames.Select(name => new OutputDifference(analysis.Model.Graph.Values[name], removed)).ToList();
        var turns = analysis.Contractions.Sum(c => analysis.Shapes.Count(c.Output.Value)) > MostWitnesses ? Samples : 1;
        for (var seed = 1; seed <= Samples; seed++)
        {
            var feeds = RandomFeeds.For(analysis.Model, analysis.Shapes, seed);
            int[] places = [.. Enumerable.Range(0, differences.Count).Where(i => i < analysis.Model.Graph.Outputs.Count || i % turns == seed % turns)];
            string[] names = [.. places.Select(i => expected.OutputNames[i])];
            expected.Run(feeds, names, wanted => actual.Run(feeds, names, given => Compare([.. places.Select(i => differences[i])], wanted, given)));
        }

        var error = differences.Max(d => d.Relative);
        return error <= tolerance
            ? new RemovalProof(error, tolerance, Samples)
            : throw new ModelException(ErrorCode.RemovalNotProven,
                $"The pruned model differs from the masked original by {error:g3} (relative), but at most {tolerance:g3} is allowed. Nothing was written. Please report the model's operators: 'edgeprune inspect'.");
    }

    private static int Compare(List<OutputDifference> differences, IReadOnlyList<OrtValue> expected, IReadOnlyList<OrtValue> actual)
    {
        for (var i = 0; i < differences.Count; i++)
        {
            using var wanted = new LentTensor(expected[i]);
            using var given = new LentTensor(actual[i]);
            differences[i].Add(wanted.Tensor, given.Tensor);
        }

        return differences.Count;
    }

    // A saturated softmax would hide an error inside: what every contraction gives is compared as well. The gates of a
    // recurrent layer stay inside the node; its states are compared instead.
    private static Model WithWitnesses(Model model, ModelAnalysis analysis)
    {
        var editor = new GraphEditor(model.Graph);
        foreach (var value in analysis.Contractions.Select(c => c.IsRecurrent ? c.Data.Value : c.Output.Value).Where(v => v.Constant is null))
        {
            editor.AddGraphOutput(model.Graph.Values[value.Name]);
        }

        return model;
    }
}
