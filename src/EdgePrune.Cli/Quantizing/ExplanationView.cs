using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>Precision of every node, why, and its error, for people.</summary>
internal static class ExplanationView
{
    /// <summary>Prints the nodes in the model's order.</summary>
    public static void Print(Screen screen, QuantizationReport report)
    {
        var table = new Table().AddColumns("Node", "Operator", "Precision", "Error", "Why");
        foreach (var node in report.Nodes)
        {
            table.AddRow(Markup.Escape(node.Node), node.OperatorType, node.Precision == Precision.Int8 ? "int8" : "float32", node.Error is { } error ? Decibels(error) : "-", Markup.Escape(node.Reason));
        }

        screen.Show(table);
        screen.Say("Error: of the node's output against the float model's, with all that the nodes before it add, in decibels; lower is better.");
    }

    private static string Decibels(double error) => error > 0 ? (10 * Math.Log10(error)).ToString("0.0", CultureInfo.InvariantCulture) + " dB" : "0";
}
