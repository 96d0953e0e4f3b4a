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

    public static RemovalProof Require(ModelAnalysis analysis, RemovedChannels removed, Model pruned, SegmentSize? size = null)
    {
        var tolerance = analysis.Model.Graph.Initializers.Any(v => v.ElementType is ElementType.Float16 or ElementType.BFloat16) ? 1e-2 : Tolerance;
        var error = LargestDifference(analysis, removed, pruned, size ?? new SegmentSize());
        return error <= tolerance
            ? new RemovalProof(error, tolerance, Samples)
            : throw new ModelException(ErrorCode.RemovalNotProven,
                $"The pruned model differs from the masked original by {error:g3} (relative), but at most {tolerance:g3} is allowed. Nothing was written. Please report the model's operators: 'edgeprune inspect'.");
    }

    private static double LargestDifference(ModelAnalysis analysis, RemovedChannels removed, Model pruned, SegmentSize size)
    {
        var feeds = Enumerable.Range(1, Samples).Select(seed => RandomFeeds.For(analysis.Model, analysis.Shapes, seed)).ToList();
        using var expected = new ProofRun(ChannelMask.Apply(analysis, removed), feeds);
        using var actual = new ProofRun(pruned, feeds);
        var largest = 0.0;
        foreach (var segment in SegmentPlanner.Plan(analysis, pruned, size).Where(s => s.Wanted.Count > 0))
        {
            expected.Load(segment);
            actual.Load(segment);
            var differences = segment.Compared.Select(v => (v.Name, Difference: new OutputDifference(v, removed))).ToList();
            for (var sample = 0; sample < Samples; sample++)
            {
                Compare(differences, expected.Run(sample), actual.Run(sample));
                expected.Free(sample, segment);
                actual.Free(sample, segment);
                NativeHeap.GiveBack();
            }

            largest = differences.Select(d => d.Difference.Relative).Append(largest).Max();
        }

        return largest;
    }

    private static void Compare(List<(string Name, OutputDifference Difference)> differences, IReadOnlyDictionary<string, OrtValue> expected, IReadOnlyDictionary<string, OrtValue> actual)
    {
        foreach (var (name, difference) in differences)
        {
            using var wanted = new LentTensor(expected[name]);
            using var given = new LentTensor(actual[name]);
            difference.Add(wanted.Tensor, given.Tensor);
        }
    }
}
