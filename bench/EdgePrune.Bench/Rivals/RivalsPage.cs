using System.Globalization;
using System.Text;
using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>The comparison as a page.</summary>
internal sealed class RivalsPage
{
    private readonly StringBuilder _page = new();

    public void WriteHead(IReadOnlyList<int> seeds)
    {
        Line("# Pruning without training: EdgePrune beside the methods of others").Line("");
        Line("Every method removes channels of the same model with the same unlabelled samples and no training. All but those with \"at most\" in their name keep the same number of channels in every layer, so that only the choice of channels and the repair differ; those stay within the MACs or parameters of these widths.");
        Line($"Top-1 in percent on labelled samples that no method saw: mean ± standard deviation over the draws {string.Join(", ", seeds)} of samples; one number where nothing is drawn, and for steps and sensitivity, which take longer and are tried on the first draw only. Methods of others were written for this comparison and see all drawn samples; ours hold an eighth back to judge by.").Line("");
        Line("\"EdgePrune: l2, repair\" is our repair behind another's choice of channels, and \"obs, linear regression in sequence\" another's repair behind ours; the latter counts for neither side. Linear regression is what He et al. (ICCV 2017) and AIMET do, without lasso: ten random positions of each sample, the least norm where there are fewer rows than unknowns. It is at its worst where a layer has about as many unknowns as rows, as the first fully connected layer of the MNIST model at 80 %; AIMET repairs convolutions only, which is shown beside it. Where two rates give the same widths, the second is left out.").Line("");
        Line(MachineFacts.Describe()).Line("");
        Line("    dotnet run -c Release --project bench/EdgePrune.Bench -- rivals").Line("");
        Line("All figures, one line a draw: [rivals.csv](rivals.csv).").Line("");
    }

    public void WriteSkipped(string name, string reason) => Line($"Left out: {name}. {reason}").Line("");

    public void WriteModel(RivalTable table)
    {
        var model = table.Model;
        Line($"## {model.Title}").Line("");
        Line($"{model.Origin}. {model.Draw} of {Count(model.Pool.Count)} samples drawn, {Count(model.Test.Count)} scored; the original has {Number(table.Original, "f2")} %, {Count(table.Before.Parameters)} parameters and {Count(table.Before.Macs)} MACs. One standard error of that accuracy is {Number(StandardError(table), "f2")} points.").Line("");
        WriteAccuracy(table);
        WriteVerdicts(table);
        WriteLikeness(table);
        Line($"![Accuracy against MACs]({PlotName(model)})").Line("");
    }

    public void WriteFrontier(RivalTable table)
    {
        Line($"## One ranking over all layers against the same rate for every layer: {table.Model.Title}").Line("");
        List<string> below = [];
        foreach (var (method, figure, name) in new (RivalMethod, Func<RivalCell, double>, string)[] { (RivalMethod.SameMacs, c => c.Macs, "MACs"), (RivalMethod.SameParameters, c => c.Parameters, "parameters") })
        {
            Row(["", $"{name}, same rate", "accuracy", $"{name}, one ranking", "accuracy", "difference"]);
            Row(Enumerable.Repeat("---", 6));
            foreach (var rate in table.Rates)
            {
                var lead = table.Lead(method, RivalMethod.SameWidths, rate);
                Row([table.Heading(rate), Count(table.Mean(RivalMethod.SameWidths, rate, figure)), table.Accuracy(RivalMethod.SameWidths, rate).ToString(), Count(table.Mean(method, rate, figure)), table.Accuracy(method, rate).ToString(), Signed(lead)]);
                if (lead < 0)
                {
                    below.Add($"{table.Heading(rate)} at the same {name} ({Signed(lead)})");
                }
            }

            Line("");
        }

        Line(below.Count == 0 ? "One ranking is never below." : $"One ranking is below at {string.Join(", ", below)}.").Line("");
    }

    public static string PlotName(RivalModel model) => $"rivals-{model.Name}.svg";

    public override string ToString() => _page.ToString();

    private void WriteAccuracy(RivalTable table)
    {
        Row(["", .. table.Rates.Select(table.Heading)]);
        Row(Enumerable.Repeat("---", table.Rates.Count + 1));
        Row(["parameters", .. table.Rates.Select(r => Count(table.Mean(RivalMethod.SameWidths, r, c => c.Parameters)))]);
        Row(["MACs", .. table.Rates.Select(r => Count(table.Mean(RivalMethod.SameWidths, r, c => c.Macs)))]);
        foreach (var method in RivalMethod.All)
        {
            Row([Name(method), .. table.Rates.Select(r => Marked(method, table.Accuracy(method, r).ToString(), table, r))]);
        }

        Line("");
    }

    private void WriteVerdicts(RivalTable table)
    {
        foreach (var rate in table.Rates)
        {
            var rival = table.BestRival(rate);
            var best = table.BestOfOurs(rate);
            Line($"- {table.Heading(rate)}: best of others {rival.Name}, {table.Accuracy(rival, rate)}. Ours with the same widths {Against(table, RivalMethod.SameWidths, rival, rate)}; by one ranking within the same MACs {Against(table, RivalMethod.SameMacs, rival, rate)}; our best, {best.Name["EdgePrune: ".Length..]}, {Against(table, best, rival, rate)}.");
        }

        Line("");
    }

    private void WriteLikeness(RivalTable table)
    {
        Line("Agreement with the original's decisions in percent / squared output error as a share:").Line("");
        Row(["", .. table.Rates.Select(table.Heading)]);
        Row(Enumerable.Repeat("---", table.Rates.Count + 1));
        foreach (var method in RivalMethod.All)
        {
            Row([Name(method), .. table.Rates.Select(r => $"{Number(table.Mean(method, r, c => c.Score.Agreement), "f2")} / {Number(table.Mean(method, r, c => c.Score.OutputError), "g3")}")]);
        }

        Line("");
    }

    private static string Against(RivalTable table, RivalMethod method, RivalMethod rival, double rate)
    {
        var lead = table.Lead(method, rival, rate);
        var small = Math.Abs(lead) < StandardError(table) ? ", less than a standard error" : "";
        return lead switch
        {
            > 0 => $"on top by {Number(lead, "f2")}{small}",
            0 => "even",
            _ => $"**not on top, behind by {Number(-lead, "f2")}**{small}",
        };
    }

    private static string Marked(RivalMethod method, string text, RivalTable table, double rate) =>
        method == table.BestRival(rate) || method == table.BestOfOurs(rate) ? $"**{text}**" : text;

    private static string Name(RivalMethod method) => method.IsOurs ? $"**{method.Name}**" : method.Name;

    private static double StandardError(RivalTable table) => 100 * Math.Sqrt(table.Original / 100 * (1 - (table.Original / 100)) / table.Model.Test.Count);

    private static string Count(double value) => value.ToString("n0", CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private void Row(IEnumerable<string> cells) => Line($"| {string.Join(" | ", cells)} |");

    private RivalsPage Line(string text)
    {
        _page.AppendLine(text);
        return this;
    }
}
