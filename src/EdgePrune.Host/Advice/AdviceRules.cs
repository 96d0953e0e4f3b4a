namespace EdgePrune.Host;

/// <summary>The rules of advice: one line each. Equally useful advice comes in this order.</summary>
internal static class AdviceRules
{
    /// <summary>All rules.</summary>
    public static IReadOnlyList<IAdviceRule> All { get; } =
    [
        new MeasuredStudyRule(),
        new EpochsNeededRule(),
        new StructuredPruningRule(),
        new PruneThenQuantizeRule(),
        new Int8Rule(),
        .. PrecisionTable.All.Where(f => f.Conversion is not null).Select(f => new PrecisionRule(f)),
        new NothingToPruneRule(),
        new AlreadyQuantizedRule(),
        new DataFreeRule(),
        new GlobalObsRule(),
        new PrunabilityRule(),
        new Int8AgreementRule(),
        new FileBudgetRule(),
        new FitsAlreadyRule(),
        new MemoryBoundRule(),
        new ActivationsRule(),
        new GraphBytesRule(),
        new SparsityForTransferRule(),
        new PinnedRule(),
        new DepthwiseRule(),
        new NormalizationRule(),
        new AttentionAdviceRule(),
        new LabelsRule(),
        new NoLabelsRule(),
        new OneShotRule(),
        new IterativeRule(),
        new NoSparsitySpeedRule(),
        new LotteryTicketRule(),
    ];
}
