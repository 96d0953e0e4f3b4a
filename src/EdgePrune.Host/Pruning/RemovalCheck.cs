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
        var segments = SegmentPlanner.Plan(analysis, pruned, size).Where(s => s.Wanted.Count > 0).ToList();
        var turns = segments.SelectMany(s => s.Compared).Sum(analysis.Shapes.Count) > size.PerInput ? Samples : 1;
        var (largest, place) = (0.0, 0);
        foreach (var segment in segments)
        {
            expected.Load(segment);
            actual.Load(segment);
            var differences = segment.Compared.Select(v => (Value: v, Difference: new OutputDifference(v, removed), Turn: place++ % turns)).ToList();
            for (var sample = 0; sample < Samples; sample++)
            {
                var compared = differences.Where(d => d.Value.IsGraphOutput || d.Turn == sample % turns).Select(d => (d.Value.Name, d.Difference)).ToList();
                CompareOn(sample, segment, compared, expected, actual);
            }

            largest = differences.Select(d => d.Difference.Relative).Append(largest).Max();
        }

        return largest;
    }

    private static void CompareOn(int sample, ProofSegment segment, List<(string Name, OutputDifference Difference)> compared, ProofRun expected, ProofRun actual)
    {
        string[] wanted = [.. compared.Select(c => c.Name).Union(segment.HandedOn, StringComparer.Ordinal)];
        if (wanted.Length > 0)
        {
            Compare(compared, expected.Run(sample, wanted), actual.Run(sample, wanted));
        }

        expected.Free(sample, segment);
        actual.Free(sample, segment);
        NativeHeap.GiveBack();
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
