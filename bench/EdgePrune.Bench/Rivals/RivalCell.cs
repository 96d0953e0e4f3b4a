using System.Globalization;

namespace EdgePrune.Bench;

/// <summary>One method at one rate on one draw of samples.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Rate">Share removed.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Seed">The draw.</param>
/// <param name="Score">How good the result is.</param>
/// <param name="Loss">Points of accuracy lost.</param>
/// <param name="Parameters">Parameters that are left.</param>
/// <param name="Macs">Operations that are left.</param>
/// <param name="Widths">Channels that are left in each group.</param>
internal sealed record RivalCell(string Model, double Rate, string Method, int Seed, RivalScore Score, double Loss, long Parameters, long Macs, string Widths)
{
    public const string Head = "model,rate,method,seed,accuracy,points lost,agreement,output error,parameters,macs,channels";

    private const int Count = 11;

    /// <summary>The cell as a line of a CSV file.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture,
        $"{Model},{Rate},\"{Method}\",{Seed},{Score.Accuracy:f4},{Loss:f4},{Score.Agreement:f4},{Score.OutputError:g6},{Parameters},{Macs},{Widths}");

    /// <summary>Reads a line; null when it is not whole.</summary>
    public static RivalCell? TryParse(string line)
    {
        var quoted = line.Split('"');
        string[] cells = quoted.Length == 3 ? [.. quoted[0].TrimEnd(',').Split(','), quoted[1], .. quoted[2].TrimStart(',').Split(',')] : [];
        return cells.Length != Count || !Figures(cells, out var figures)
            ? null
            : new RivalCell(cells[0], figures[1], cells[2], (int)figures[3], new RivalScore(figures[4], figures[6], figures[7]), figures[5], (long)figures[8], (long)figures[9], cells[10]);
    }

    private static bool Figures(string[] cells, out double[] figures)
    {
        figures = new double[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            if (i is not (0 or 2 or 10) && !double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out figures[i]))
            {
                return false;
            }
        }

        return cells[^1].Length > 0;
    }
}
