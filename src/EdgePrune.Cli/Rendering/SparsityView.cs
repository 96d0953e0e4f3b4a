using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>What making weights sparse did, for people.</summary>
internal static class SparsityView
{
    /// <summary>Prints the report.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="output">The file that was written.</param>
    /// <param name="mask">The file with the mask, or null.</param>
    public static void Print(Screen screen, SparsityReport report, string output, string? mask)
    {
        screen.Show(Layers(report));
        screen.Say($"zeros:    {Numbers.Count(report.Zeros)} of {Numbers.Count(report.Weights)} weights ({Numbers.Percent(report.Rate)}), {report.Pattern}, by {Name(report.Method)}");
        screen.Say($"non-zero: {Numbers.Count(report.NonZero)} / {Numbers.Count(report.Parameters)} parameters");
        if (report.Choice is { } choice)
        {
            screen.Say($"error:    {Numbers.Tiny(choice.Error)} by {Name(choice.Asked)}, {Numbers.Tiny(choice.MagnitudeError)} by magnitude on {choice.HeldOut} held-out samples; {Name(report.Method)} is kept");
        }

        screen.Say($"zstd -{SparsityStorage.Level}: {Numbers.Count(report.Storage.ZstdBefore)} bytes before, {Numbers.Count(report.Storage.ZstdAfter)} after; the file itself has {Numbers.Count(report.Storage.FileBytes)}");
        screen.Say($"speed:    {report.Speed}");
        foreach (var weight in report.Untouched)
        {
            screen.Say($"left:     {weight}");
        }

        screen.Say($"written to {output} ({new ByteSize(report.Storage.FileBytes)}){(mask is null ? "" : $", mask to {mask}")}");
    }

    private static Table Layers(SparsityReport report)
    {
        var table = new Table().AddColumns("node", "operator", "weights", "zeros", "rate", "method");
        foreach (var layer in report.Layers)
        {
            table.AddRow(
                Markup.Escape(layer.Node),
                Markup.Escape(layer.OperatorType),
                Numbers.Count(layer.Count),
                Numbers.Count(layer.Zeros),
                Numbers.Percent((double)layer.Zeros / layer.Count),
                Markup.Escape(layer.Reason is null ? Name(layer.Method) : $"{Name(layer.Method)}: {layer.Reason}"));
        }

        return table;
    }

    private static string Name(SparsityMethod method) => method.ToString().ToLowerInvariant();
}
