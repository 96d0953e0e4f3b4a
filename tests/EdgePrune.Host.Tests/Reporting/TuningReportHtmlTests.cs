using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed partial class TuningReportHtmlTests
{
    [Fact]
    public void Render_FixedReport_IsTheApprovedPage()
    {
        var page = TuningReportHtml.Render(Reports.Converged());
        var approved = Path.Combine(Here(), "TuningReport.approved.html");
        var received = Path.Combine(AppContext.BaseDirectory, "TuningReport.received.html");
        File.WriteAllText(received, page);

        Assert.True(File.Exists(approved) && File.ReadAllText(approved) == page, $"The page is not the approved one. Look at '{received}'; if it is right, copy it over '{approved}'.");
    }

    [Fact]
    public void Render_AnyReport_StandsAlone()
    {
        foreach (var report in new[] { Reports.Converged(), Reports.Infeasible(), Reports.NothingMeasured() })
        {
            var page = TuningReportHtml.Render(report);

            Assert.DoesNotMatch(External(), page);
            Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Render_NamesWithMarkup_AreEscapedEverywhere()
    {
        const string Hostile = "<script>alert('x')</script>\"&\u0001";
        var report = Reports.Converged();
        var trial = report.Trials[5];
        var profile = trial.Profile!;
        var page = TuningReportHtml.Render(report with
        {
            Model = Hostile,
            DeviceName = Hostile,
            Target = Hostile,
            Metric = Hostile,
            Pins = [Hostile],
            Trials =
            [
                .. report.Trials.Take(5),
                trial with
                {
                    Widths = [new GroupWidth(Hostile, 2, 1)],
                    ModelSha256 = Hostile,
                    Failure = Hostile,
                    Checks = [new BudgetCheck(Hostile, Hostile, 1, 2, 2, false)],
                    Profile = profile with
                    {
                        Operators = [new OperatorTime(Hostile, Hostile, TimeSpan.FromMicroseconds(5), 1)],
                        Verdict = new RunVerdict(RunValidity.Invalid, [Hostile]),
                        Energy = profile.Energy! with { Source = Hostile },
                        Conditions = profile.Conditions with { Machine = Hostile, Processor = Hostile, System = Hostile, Governor = Hostile, Throttling = [Hostile], OnnxRuntimeVersion = Hostile, Fingerprint = Hostile },
                    },
                },
            ],
        });

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("x')", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0001', page);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\uFFFD", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_EveryPage_IsWellFormed()
    {
        foreach (var report in new[] { Reports.Converged(), Reports.Infeasible(), Reports.NothingMeasured() })
        {
            var page = TuningReportHtml.Render(report);
            Stack<string> open = [];
            foreach (Match tag in Tag().Matches(page))
            {
                var name = tag.Groups["name"].Value;
                if (tag.Groups["close"].Success)
                {
                    Assert.Equal(open.Pop(), name);
                }
                else if (!tag.Value.EndsWith("/>", StringComparison.Ordinal) && name is not ("meta" or "br"))
                {
                    open.Push(name);
                }
            }

            Assert.Empty(open);
        }
    }

    [Theory]
    [InlineData(0.42, 3.2, "0.4 % of the windows; any task of the machine 3.2 %")]
    [InlineData(0.42, null, "0.4 % of the windows")]
    [InlineData(null, 3.2, "any task of the machine 3.2 % of the windows")]
    [InlineData(null, null, "any task of the machine 0 % before, 0.4 % after, means of 10 s")]
    public void Render_WaitingOfARun_IsThatOfTheMeasuringThreadsWhereItIsCounted(double? waited, double? stalled, string words)
    {
        var report = Reports.NothingMeasured();
        var profile = Reports.Converged().Original.Profile!;
        profile = profile with { Conditions = profile.Conditions with { RunQueuePercent = waited, CpuStallPercent = stalled } };

        var page = TuningReportHtml.Render(report with { Original = report.Original with { Profile = profile } });

        Assert.Contains($"<dt>Waiting for a processor</dt><dd>{words}</dd>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ThinnedSamples_SaysHowMany()
    {
        var report = Reports.NothingMeasured();
        var profile = Reports.Converged().Original.Profile!;
        profile = profile with { Latency = profile.Latency with { EveryNth = 4 } };

        var page = TuningReportHtml.Render(report with { Original = report.Original with { Profile = profile } });

        Assert.Contains("2300 runs in 5 windows, percentiles of every 4th, worth", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TuningOutcome.Converged, 6, "Removing 37.5 % of the channels and storing the rest in int8 meets the budget.")]
    [InlineData(TuningOutcome.Infeasible, 4, "No candidate meets the budget; the nearest miss removes 25 % of the channels and stores the rest in int8.")]
    [InlineData(TuningOutcome.Infeasible, null, "No candidate meets the budget.")]
    [InlineData(TuningOutcome.OutOfRuns, 6, "Removing 37.5 % of the channels and storing the rest in int8 meets the budget, but the search was cut short.")]
    [InlineData(TuningOutcome.OutOfRuns, 4, "The device runs were used up before a candidate met the budget.")]
    [InlineData(TuningOutcome.Converged, null, "The original model meets the budget as it is.")]
    public void Headline_EveryOutcome_IsSaidInPlainWords(TuningOutcome outcome, int? picked, string expected)
    {
        Assert.Equal(expected, VerdictSection.Headline(Reports.Converged() with { Outcome = outcome, Picked = picked }));
    }

    [Theory]
    [InlineData(Precision.Float32, "Removing 37.5 % of the channels meets the budget.")]
    [InlineData(Precision.Dynamic, "Removing 37.5 % of the channels and storing the rest in dynamic int8 meets the budget.")]
    [InlineData(Precision.Float16, "Removing 37.5 % of the channels and storing the rest in 16-bit floats meets the budget.")]
    [InlineData(Precision.Weights4, "Removing 37.5 % of the channels and storing the rest in 4-bit weights meets the budget.")]
    public void Headline_EveryPrecision_IsSaidInPlainWords(Precision precision, string expected)
    {
        Assert.Equal(expected, VerdictSection.Headline(In(precision)));
    }

    [Fact]
    public void Render_EveryPrecision_HasItsNameInTableAndLegends_AndItsStyle()
    {
        foreach (var form in PrecisionTable.All)
        {
            var page = TuningReportHtml.Render(In(form.Precision));

            Assert.Contains($"<td>0.375</td><td class=\"t\">{form.Name}</td>", page, StringComparison.Ordinal);
            Assert.Contains($"0.375 {form.Name}", page, StringComparison.Ordinal);
            foreach (var rule in new[] { $"svg .{form.Style}{{stroke:", $"svg .dot.{form.Style}", $"svg .bar.{form.Style}{{fill:", $"class=\"bar {form.Style}\"", $"--{form.Style}:#" })
            {
                Assert.Contains(rule, page, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Render_PrecisionLeftOut_SaysWhyWhateverCameOut()
    {
        foreach (var report in new[] { Reports.Converged(), Reports.Infeasible(), Reports.NothingMeasured() })
        {
            var page = TuningReportHtml.Render(report with { LeftOut = [new LeftOutPrecision(Precision.Weights8, "'a<b' (Conv): no kernel.")] });

            Assert.Contains("<p>weights8 was left out. &#39;a&lt;b&#39; (Conv): no kernel.</p>", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("MatMulIntegerToFloat", "MatMul")]
    [InlineData("DynamicQuantizeMatMul", "MatMul")]
    [InlineData("MatMulNBits", "MatMul")]
    [InlineData("DynamicQuantizeLSTM", "LSTM")]
    [InlineData("QLinearConv", "Conv")]
    [InlineData("QGemm", "Gemm")]
    public void Render_IntegerKernels_StandBesideTheFloatOnesOfTheirName(string kernel, string name)
    {
        var report = Reports.Converged();
        OperatorTime time = new("node", kernel, TimeSpan.FromMicroseconds(5), 1);
        var page = TuningReportHtml.Render(report with
        {
            Original = report.Original with { Profile = report.Original.Profile! with { Operators = [time with { OperatorType = name }] } },
            Trials = [.. report.Trials.Select(t => t.Profile is null ? t : t with { Profile = t.Profile with { Operators = [time] } })],
        });

        Assert.Contains($">{name}<title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain($">{kernel}<title>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0, 0.9, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(98.64, 99.14, new[] { 98.6, 98.7, 98.8, 98.9, 99, 99.1, 99.2 })]
    [InlineData(0, 2.91, new[] { 0, 1, 2, 3.0 })]
    [InlineData(-3, 7, new[] { -4, -2, 0, 2, 4, 6, 8.0 })]
    public void Ticks_AnyRange_AreRoundAndSpanIt(double low, double high, double[] expected)
    {
        Assert.Equal(expected, NiceTicks.Between(low, high));
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(1e-9, 2e-9)]
    [InlineData(1e12, 3e12)]
    public void Ticks_OddRanges_AreAFewAndSpanThem(double low, double high)
    {
        var ticks = NiceTicks.Between(low, high);

        Assert.InRange(ticks.Count, 2, 12);
        Assert.True(ticks[0] <= low && ticks[^1] >= high);
    }

    // The picked trial in another precision.
    private static TuningReport In(Precision precision)
    {
        var report = Reports.Converged();
        return report with { Trials = [.. report.Trials.Select(t => t.Index == report.Picked ? t with { Precision = precision } : t)] };
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("""(src=|href|url\(|@import|<script|<link|https?://)""", RegexOptions.IgnoreCase)]
    private static partial Regex External();

    [GeneratedRegex("""<(?<close>/)?(?<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>""")]
    private static partial Regex Tag();
}
