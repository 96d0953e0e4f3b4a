using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class HostJsonTests
{
    private static readonly PrunePlan Plan = new()
    {
        Model = "m",
        ModelSha256 = new string('a', 64),
        Criterion = "l2",
        Rate = 0.5,
        Scope = PruningScope.Global,
        Seed = 1,
        Groups = [new GroupPlan("conv1", 8, 4, [1, 3, 5, 7], 0.25, 0.125), new GroupPlan("fc", 4, 1, [], null, null)],
    };

    [Fact]
    public void Report_PrintedAndRead_IsTheSame()
    {
        var text = ReportFile.Print(Reports.Converged());

        Assert.Equal(text, ReportFile.Print(ReportFile.Parse(text)));
        Assert.Contains("\"latencyP95\": \"1.2 ms\"", text, StringComparison.Ordinal);
        Assert.Contains("\"fileBytes\": 224000", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"failure\": null", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfEarlierVersions_IsReadWithItsPrecisions()
    {
        // A report of a search that knew float32 and int8 alone.
        var text = ReportFile.Print(Reports.Converged()).Replace("\"leftOut\": [],", "", StringComparison.Ordinal);
        var report = ReportFile.Parse(text);

        Assert.DoesNotContain("leftOut", text, StringComparison.Ordinal);
        Assert.Empty(report.LeftOut);
        Assert.Equal(Reports.Converged().Trials.Select(t => t.Precision), report.Trials.Select(t => t.Precision));
    }

    [Fact]
    public void Report_WithOtherPrecisions_IsTheSameWhenRead()
    {
        var report = Reports.Converged();
        report = report with { LeftOut = [new LeftOutPrecision(Precision.Weights4, "No MatMul.")], Trials = [.. report.Trials.Select(t => t with { Precision = Precision.Dynamic })] };
        var text = ReportFile.Print(report);

        Assert.Equal(text, ReportFile.Print(ReportFile.Parse(text)));
        Assert.Contains("\"precision\": \"Weights4\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_PrintedAndRead_RendersTheSamePage()
    {
        Assert.Equal(TuningReportHtml.Render(Reports.Infeasible()), TuningReportHtml.Render(ReportFile.Parse(ReportFile.Print(Reports.Infeasible()))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void Report_Malformed_IsRefused(string json)
    {
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<InputException>(() => ReportFile.Parse(json)).Code);
    }

    [Fact]
    public void Plan_PrintedAndRead_IsTheSame()
    {
        var read = PlanFile.Parse(PlanFile.Print(Plan));

        Assert.Equal(PlanFile.Print(Plan), PlanFile.Print(read));
        Assert.Equal([1, 3, 5, 7], read.Groups[0].Remove);
        Assert.Null(read.Groups[1].LowestKept);
    }

    [Fact]
    public void Plan_CutAnywhere_IsRefused()
    {
        var text = PlanFile.Print(Plan).TrimEnd();
        for (var length = 0; length < text.Length; length++)
        {
            Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<InputException>(() => PlanFile.Parse(text[..length])).Code);
        }
    }

    [Fact]
    public void Plan_ThatContradictsItself_IsRefusedWithEveryReason()
    {
        var text = PlanFile.Print(Plan with
        {
            Format = 2,
            Rate = 1,
            ModelSha256 = "short",
            Groups =
            [
                new GroupPlan("a", 4, 1, [4], null, null),
                new GroupPlan("b", 4, 1, [2, 1], null, null),
                new GroupPlan("c", 4, 1, [1, 1], null, null),
                new GroupPlan("d", 0, 1, [], null, null),
                new GroupPlan("a", 4, 1, [], null, null),
            ],
        });

        var error = Assert.Throws<InputException>(() => PlanFile.Parse(text));

        Assert.Equal(ErrorCode.PlanMismatch, error.Code);
        foreach (var reason in new[] { "format is 2", "rate is 1", "modelSha256", "'a' removes a channel outside", "'b' does not list", "'c' does not list", "'d' has 0 channels", "'a' is listed 2 times" })
        {
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Plan_MissingFile_SaysSo()
    {
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => PlanFile.Load("/no/such/plan.json")).Code);
    }
}
