namespace EdgePrune.Host;

/// <summary>The planners of a pipeline: channels are scored once for each criterion and seed, so that plans for many rates are cheap.</summary>
/// <param name="pipeline">Whose model and samples they rest on.</param>
internal sealed class Planners(CompressionPipeline pipeline)
{
    private readonly Dictionary<(string Criterion, int Seed), PrunePlanner> _planners = [];
    private readonly Dictionary<(int Seed, bool OwnLabels), GradientScores> _gradients = [];
    private readonly Dictionary<(string Criterion, int Seed, bool Repair), PrunePlanner> _competing = [];

    /// <summary>Ranks channels as they are within a group.</summary>
    public PrunePlanner For(CompressionOptions options)
    {
        if (!_planners.TryGetValue((options.Criterion, options.Seed), out var planner))
        {
            planner = MakePlanner(options);
            _planners[(options.Criterion, options.Seed)] = planner;
        }

        return planner;
    }

    /// <summary>Ranks channels where groups compete: a loss counts by what it does to the model's output.</summary>
    public PrunePlanner Competing(CompressionOptions options)
    {
        var planner = For(options);
        if (!planner.ScoresLosses)
        {
            return planner;
        }

        if (!_competing.TryGetValue((options.Criterion, options.Seed, options.Repair), out var competing))
        {
            var statistics = pipeline.Statistics(options, CancellationToken.None);
            var gains = new OutputGains(pipeline.Analysis, planner) { Statistics = options.Repair ? new Lazy<RepairStatistics>(statistics) : null };
            var samples = SampleSubset.Range(statistics.Fitted, 0, OutputGains.SamplesFor(pipeline.Analysis.Groups.Count, statistics.Fitted.Count));
            competing = planner.Times(gains.Measure(samples, CancellationToken.None));
            _competing[(options.Criterion, options.Seed, options.Repair)] = competing;
        }

        return competing;
    }

    private PrunePlanner MakePlanner(CompressionOptions options)
    {
        var automatic = options.Criterion == CompressionOptions.AutomaticCriterion;
        var criterion = CriterionRegistry.Find(automatic ? (pipeline.HasSamples ? "obs" : "l2") : options.Criterion);
        var context = new CriterionContext
        {
            Analysis = pipeline.Analysis,
            Seed = options.Seed,
            Statistics = criterion.NeedsSamples ? pipeline.Statistics(options, CancellationToken.None).Channels : null,
            Gradients = criterion.NeedsGradients && pipeline.Trainer is not null ? Gradients(pipeline.Trainer, options.Seed, !criterion.NeedsLabels) : null,
        };
        return new PrunePlanner(context, criterion);
    }

    private GradientScores Gradients(ITrainer trainer, int seed, bool ownLabels)
    {
        if (!_gradients.TryGetValue((seed, ownLabels), out var scores))
        {
            scores = trainer.MeasureGradients(pipeline.Analysis, new GradientRecipe { OwnLabels = ownLabels, Seed = seed }, CancellationToken.None);
            _gradients[(seed, ownLabels)] = scores;
        }

        return scores;
    }
}
