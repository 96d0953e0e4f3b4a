using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>
/// One draw of unlabelled samples for one model, and what every method may know of it: all methods see the same samples.
/// What does not depend on the rate is gathered once.
/// </summary>
internal sealed class RivalDraw
{
    private readonly RivalModel _model;
    private readonly CompressionPipeline _pipeline;
    private readonly Lazy<IReadOnlyDictionary<AxisRef, ChannelStatistics>> _statistics;
    private readonly Lazy<IReadOnlyList<float[][]>> _rows;

    public RivalDraw(RivalModel model, int seed)
    {
        _model = model;
        Seed = seed;
        Samples = SampleSubset.Random(model.Pool, model.Draw, seed);
        _pipeline = new CompressionPipeline(model.Model, model.Pool);
        Layers = RepairableLayers(Analysis);
        _statistics = new(() => StatisticsPass.Gather(Analysis, Samples, CancellationToken.None));
        _rows = new(() => SampledRows.Read(this, Analysis.Model, Layers));
    }

    public int Seed { get; }

    public ModelAnalysis Analysis => _pipeline.Analysis;

    /// <summary>The drawn samples: those that the product draws for this seed.</summary>
    public ISampleSource Samples { get; }

    /// <summary>Layers that read channels which may be removed, in the order in which they run, where a rival can repair them.</summary>
    public IReadOnlyList<Contraction> Layers { get; }

    /// <summary>Statistics of the original's activations over all drawn samples.</summary>
    public IReadOnlyDictionary<AxisRef, ChannelStatistics> Statistics => _statistics.Value;

    /// <summary>Rows of the original's inputs of each of <see cref="Layers"/>.</summary>
    public IReadOnlyList<float[][]> Rows => _rows.Value;

    /// <summary>What the product's options are before a method changes them.</summary>
    public CompressionOptions Options(double rate) => new()
    {
        Rate = rate,
        RateOf = _model.Unit,
        Scope = PruningScope.PerLayer,
        CalibrationSamples = _model.Draw,
        Seed = Seed,
    };

    /// <summary>What is left when every layer loses the same share: the widths, and the budget of every method that chooses its own.</summary>
    public PrunePlan Uniform(double rate) => _pipeline.Plan(Options(rate) with { Criterion = "l2" });

    public PrunePlan Plan(CompressionOptions options) => _pipeline.Plan(options);

    public Task<CompressionResult> Compress(CompressionOptions options) => _pipeline.RunAsync(options, null, CancellationToken.None);

    // A weight that several layers share cannot follow one of them.
    private static List<Contraction> RepairableLayers(ModelAnalysis analysis)
    {
        var nodes = analysis.Model.Graph.Nodes.Index().ToDictionary(n => n.Item, n => n.Index);
        var shared = analysis.Contractions.CountBy(c => c.Weight.Value).Where(w => w.Value > 1).Select(w => w.Key).ToHashSet();
        return
        [
            .. analysis.Groups.SelectMany(g => g.Consumers).Distinct()
                .Where(c => c.IsAffine && !c.IsRecurrent && !shared.Contains(c.Weight.Value) && ContractionRows.TryMake(c) is not null)
                .OrderBy(c => nodes[c.Node]),
        ];
    }
}
