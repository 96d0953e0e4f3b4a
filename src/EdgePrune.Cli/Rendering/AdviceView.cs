using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Advice for people: numbered, the most useful first.</summary>
internal static class AdviceView
{
    // Less would print as 0.0 %.
    private const double LeastShare = 0.0005;

    /// <summary>Prints a report.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="target">The device it is for.</param>
    public static void Print(Screen screen, AdviceReport report, Target target)
    {
        screen.Say($"{report.Model} for {target.Title}, to reduce {report.Need.ToString().ToLowerInvariant()}");
        screen.Say();
        PrintFigures(screen, report.Figures);
        foreach (var (number, advice) in report.Advice.Index())
        {
            screen.Say();
            screen.Say($"{number + 1,2}. {advice.Text}");
            screen.Say($"    why        {advice.Reason}");
            if (advice.Effect is { } effect)
            {
                screen.Say($"    predicted  {effect.Text}");
                screen.Say($"    how        {effect.Basis}");
            }

            if (advice.Command is { } command)
            {
                screen.Say($"    do         {command}");
            }
        }

        screen.Say();
        screen.Say("Predictions are computed from the model's graph and the target's published figures. Only a measurement on the device decides.");
    }

    private static void PrintFigures(Screen screen, ModelFigures figures)
    {
        screen.Say($"  {Numbers.Count(figures.Macs)} MACs: {Numbers.Percent(figures.PrunableMacShare)} hang on channels that can go, {Numbers.Percent(figures.IntegerMacShare)} have an integer kernel, {Numbers.Percent(figures.DepthwiseMacShare)} are depthwise");
        screen.Say($"  {Numbers.Count(figures.Parameters)} parameters: {Numbers.Percent(figures.PrunableParameterShare)} hang on channels that can go");
        screen.Say($"  file {new ByteSize(figures.FileBytes)}: weights {new ByteSize(figures.WeightBytes)}, the rest {new ByteSize(figures.GraphBytes)}; Brotli brings the weights to {Numbers.Percent(figures.Compression.Float)}");
        screen.Say($"  activations {new ByteSize(figures.PeakActivationBytes)} at most at one time{Cache(figures)}");
        if (figures.MemoryBoundShare is { } bound)
        {
            screen.Say($"  {Numbers.Percent(bound)} of the least time goes into moving bytes, the rest into arithmetic");
        }

        if (figures.Pinned.Where(p => p.MacShare >= LeastShare).ToList() is { Count: > 0 } pinned)
        {
            screen.Say($"  outputs pinned: {string.Join(", ", pinned.Select(p => $"{p.Kind} {Numbers.Percent(p.MacShare)} of the MACs"))}");
        }
    }

    private static string Cache(ModelFigures figures) => figures.FitsCache switch
    {
        true => "; with the weights they fit the level 2 cache",
        false => "; with the weights they exceed the level 2 cache",
        null => "",
    };
}
