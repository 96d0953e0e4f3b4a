using System.Globalization;

namespace EdgePrune.Bench;

/// <summary>The rows of one model as a table of the results page.</summary>
internal static class QuantizationTable
{
    public static string Render(QuantizedSubject subject, (double Accuracy, long Bytes) original, IReadOnlyList<QuantizedRow> rows, IReadOnlyList<string> refused)
    {
        string[] head = ["", "top-1 %", "top-1 above ours", "classes changed", "agreement above ours", "largest change", "output error", "bytes", "integer kernels", "float layers", "time against float"];
        List<string> lines =
        [
            $"## {subject.Title}",
            "",
            Invariant($"{subject.Draws.Count} draws of {subject.Draws[0].Count} samples for calibration, {subject.Test.Count} scored."),
            "",
            Line(head),
            Line(head.Select((_, i) => i == 0 ? "---" : "---:")),
            Line(["float", Invariant($"{original.Accuracy:f2}"), "", "", "", "", "", Invariant($"{original.Bytes:n0}"), "", "", ""]),
        ];
        var ours = rows.FirstOrDefault(r => r.Method == QuantizationBenchmark.Ours);
        lines.AddRange(rows.Select(r => Line(
        [
            r.Method, Invariant($"{r.Accuracy:f2} ± {r.AccuracyError:f2}"), Above(r, ours, row => row.Right), Invariant($"{r.Changed:0.#}"), Above(r, ours, row => row.Alike), Invariant($"{r.LargestChange:g3}"), Invariant($"{r.OutputError:g3}"),
            Invariant($"{r.Bytes:n0}"), Invariant($"{r.IntegerKernels}"), Invariant($"{r.FloatKernels}"), r.Latency ?? "",
        ])));
        lines.AddRange(refused.SelectMany(r => new[] { "", $"Not loaded by ONNX Runtime: {r.ReplaceLineEndings(" ")}" }));
        return string.Join('\n', lines) + "\n";
    }

    private static string Above(QuantizedRow row, QuantizedRow? ours, Func<QuantizedRow, double[]> figures)
    {
        if (ours is null || row == ours)
        {
            return "";
        }

        var (mean, error) = QuantizedRow.Paired(figures(row), figures(ours));
        return Invariant($"{mean:+0.00;-0.00;0.00} ± {error:0.00}");
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
