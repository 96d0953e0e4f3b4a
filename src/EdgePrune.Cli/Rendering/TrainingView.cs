using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>What training did, for people.</summary>
internal static class TrainingView
{
    /// <summary>Prints the result of a verb that trains.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="result">The result.</param>
    public static void Print(Screen screen, TrainResult result)
    {
        PrintEpochs(screen, result.Epochs);
        screen.Say($"end:    {End(result.End)} after {Numbers.Count(result.Steps)} steps{(result.Reason is null ? "" : $". {result.Reason}")}");
        if (result.Note is not null)
        {
            screen.Say($"note:   {result.Note}");
        }

        screen.Say(result.Test is { } test
            ? $"score:  {Numbers.Points(test.Before)} before, {Numbers.Points(test.After)} after ({test.Metric}, {Numbers.Count(test.Samples)} samples that were not learnt from)"
            : "score:  not measured, because the data has no part for tests; 'edgeprune evaluate' scores the model on other samples");
        if (result.ParametersAfter != result.ParametersBefore)
        {
            screen.Say($"size:   {Numbers.Count(result.ParametersBefore)} parameters before, {Numbers.Count(result.ParametersAfter)} after");
        }

        screen.Say($"written to {result.Output} ({new ByteSize(result.FileBytes)})");
    }

    /// <summary>Prints what training after each repair did.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="reports">One for each step.</param>
    public static void Print(Screen screen, IReadOnlyList<TrainingReport> reports)
    {
        foreach (var report in reports)
        {
            var kind = report.Kind == RecoveryKind.Distill ? "distilled" : "fine-tuned";
            var verdict = report.Kept ? "kept" : "not kept";
            screen.Say($"train:  {kind}, {verdict}: {report.Metric} {Figure(report, report.Before)} to {Figure(report, report.After)} on {report.HeldOut} held-out samples, {End(report.End)} after {Numbers.Count(report.Steps)} steps{(report.Reason is null ? "" : $". {report.Reason}")}");
        }
    }

    /// <summary>Prints how far pruning went within a limit of the loss.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="limit">The steps, or null without a limit.</param>
    public static void Print(Screen screen, LossLimit? limit)
    {
        if (limit is null)
        {
            return;
        }

        screen.Say($"limit:  {Numbers.Points(limit.MaxLoss)} points below {Numbers.Points(limit.OriginalScore)} ({limit.Metric})");
        foreach (var step in limit.Steps)
        {
            screen.Say($"        step {step.Step}, rate {Numbers.Rate(step.Rate)}: {Numbers.Points(step.Score)}, {(step.Met ? "within" : "beyond")}");
        }

        screen.Say($"        {(limit.LastGood == 0 ? "the first step went beyond it" : limit.LastGood == limit.Steps.Count ? $"all {limit.LastGood} steps are within it" : $"the model of step {limit.LastGood} is taken")}");
    }

    private static void PrintEpochs(Screen screen, IReadOnlyList<TrainingEpoch> epochs)
    {
        if (epochs.Count == 0)
        {
            return;
        }

        var table = new Table().AddColumns("Epoch", "Loss", "Validation");
        foreach (var epoch in epochs)
        {
            table.AddRow(Numbers.Count(epoch.Epoch), Numbers.Loss(epoch.Loss), epoch.Score is { } score ? $"{Numbers.Points(score)} %" : "-");
        }

        screen.Show(table);
    }

    private static string Figure(TrainingReport report, double value) => report.Kind == RecoveryKind.FineTune && report.Metric.StartsWith("accuracy", StringComparison.Ordinal) ? Numbers.Points(value) : Numbers.Tiny(value);

    private static string End(TrainingEnd end) => end switch
    {
        TrainingEnd.Completed => "completed",
        TrainingEnd.StoppedEarly => "stopped early, the best weights taken,",
        TrainingEnd.Diverged => "diverged, the last good weights kept,",
        _ => "stopped",
    };
}
