using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>What a conversion to another precision did, for people.</summary>
internal static class ConversionView
{
    /// <summary>Prints the result.</summary>
    public static void Print(Screen screen, ConversionResult result)
    {
        Print(screen, result.Report);
        screen.Say($"written to {result.Output} ({new ByteSize(result.FileBytes)}; the original has {new ByteSize(result.FileBytesBefore)})");
    }

    /// <summary>Prints what became of every node with weights.</summary>
    public static void Print(Screen screen, ConversionReport report)
    {
        screen.Show(Nodes(report));
        screen.Say($"kernels:  {(report.Kernels.Count > 0 ? string.Join(", ", report.Kernels.Select(k => $"{k.Value} {k.Key}")) : "none of their own")}");
        foreach (var note in report.Notes)
        {
            screen.Say($"note:     {note}");
        }
    }

    private static Table Nodes(ConversionReport report)
    {
        var table = new Table().AddColumns("node", "operator", "weights", "change", "reason");
        foreach (var node in report.Nodes)
        {
            table.AddRow(
                Markup.Escape(node.Node),
                Markup.Escape(node.OperatorType),
                Markup.Escape(node.Precision),
                node.WeightError is { } error ? Numbers.Tiny(error) : "",
                Markup.Escape(node.Reason));
        }

        return table;
    }
}
