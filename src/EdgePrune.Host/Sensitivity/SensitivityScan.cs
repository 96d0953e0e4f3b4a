using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Prunes one group at a time at several rates, repairs it, and measures how far the model's output moves.</summary>
internal sealed class SensitivityScan(ModelAnalysis analysis, PrunePlanner planner, SensitivityOptions options, SensitivityCache? cache)
{
    /// <summary>What repair rests on, or null without repair.</summary>
    public required Lazy<RepairStatistics>? Statistics { get; init; }

    public required SensitivityData Data { get; init; }

    /// <summary>Number of points that a scan of this model measures at most.</summary>
    public static int Points(ModelAnalysis analysis, SensitivityOptions options) => analysis.Groups.Sum(g => LonePruning.Widths(g, options.Rates).Count());

    public SensitivityCurves Run(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var key = cache is null ? "" : Key();
        var known = cache?.Read(key);
        if (known is not null && analysis.Groups.All(g => Find(known, g) is not null))
        {
            return known;
        }

        progress?.Report("running the original");
        var reference = new OutputReference(analysis.Model, Data.Scored, cancellationToken);
        var curves = known ?? Empty(reference);
        foreach (var (index, group) in analysis.Groups.Index().Where(g => Find(curves, g.Item) is null).ToList())
        {
            var curve = Measure(index, group, reference, progress, cancellationToken);
            curves = curves with { Groups = [.. analysis.Groups.Select(g => g == group ? curve : Find(curves, g)).OfType<GroupSensitivity>()] };
            cache?.Write(key, curves);
        }

        return curves;
    }

    private GroupSensitivity Measure(int index, PruningGroup group, OutputReference reference, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var lone = new LonePruning(analysis, planner, Statistics);
        List<SensitivityPoint> points = [];
        foreach (var width in LonePruning.Widths(group, options.Rates))
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report($"{group.Name}, {width} of {group.Channels.Count} channels");
            var removed = group.Channels.Count - width;
            var (error, score) = reference.Compare(lone.Carry(lone.Plan(index, width)), cancellationToken);
            points.Add(new SensitivityPoint((double)removed / group.Channels.Count, removed, error, score));
        }

        return Fitted(group, points);
    }

    private static GroupSensitivity Fitted(PruningGroup group, List<SensitivityPoint> points)
    {
        var errors = MonotoneFit.Rising([.. points.Select(p => p.Error)]);
        var scores = MonotoneFit.Falling([.. points.Select(p => p.Score)]);
        return new GroupSensitivity(group.Name, group.Channels.Count, [.. points.Select((p, i) => p with { FittedError = errors[i], FittedScore = scores[i] })]);
    }

    private static GroupSensitivity? Find(SensitivityCurves curves, PruningGroup group) =>
        curves.Groups.FirstOrDefault(g => g.Group == group.Name && g.Channels == group.Channels.Count);

    private SensitivityCurves Empty(OutputReference reference) => new()
    {
        Model = analysis.Model.Name,
        ModelSha256 = analysis.Sha256,
        Criterion = planner.Criterion,
        Metric = reference.Metric,
        OriginalScore = reference.OriginalScore,
        Samples = Data.Scored.Count,
        Groups = [],
    };

    // Whatever the curves depend on, so that no stale one is ever taken.
    private string Key()
    {
        string[] parts =
        [
            "curves 1", analysis.Sha256, planner.Criterion, Data.Digest(), Statistics is null ? "plain" : "repaired",
            options.Compression.Seed.ToString(CultureInfo.InvariantCulture), string.Join(',', options.Rates.Select(r => r.ToString("R", CultureInfo.InvariantCulture))),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }
}
