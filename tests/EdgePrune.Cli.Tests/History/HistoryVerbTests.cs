using System.Security.Cryptography;
using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Cli.Tests;

public sealed class HistoryVerbTests : IDisposable
{
    private readonly HistoryFixture _history = new();

    [Fact]
    public async Task Profile_Compare_SaysOfTwoKeptMeasurementsWhetherTheLaterIsSlower_AndMeasuresNothing()
    {
        var before = await _history.KeepAsync(await HistoryFixture.ReportAsync(0));
        var after = await _history.KeepAsync(await HistoryFixture.ReportAsync(1, factor: 3));
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Done, await tool.RunAsync("profile", "--compare", before, after, "--history", _history.Folder, "--json"));
        Assert.Equal("slower", tool.Json.GetProperty("verdict").GetString(), ignoreCase: true);
        Assert.Equal(3, tool.Json.GetProperty("ratio").GetProperty("estimate").GetDouble(), 2);
    }

    [Fact]
    public async Task Profile_CompareWithAModel_IsRefused()
    {
        var tool = new RunningTool();

        Assert.NotEqual(ExitCodes.Done, await tool.RunAsync("profile", Sample.Model, "--compare", "a", "b", "--history", _history.Folder));
        Assert.Contains("--against", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfThisMachine_IsNewestFirstWithTimesAndVerdict()
    {
        var first = await _history.KeepAsync(await HistoryFixture.ReportAsync(1));
        var second = await _history.KeepAsync(await HistoryFixture.ReportAsync(2) with { Verdict = new RunVerdict(RunValidity.Suspect, ["It was warm."]) });

        var (code, tool) = await _history.RunAsync("list");

        Assert.True(code == ExitCodes.Done, tool.Error);
        var lines = tool.Out.ReplaceLineEndings("\n").Split('\n');
        Assert.StartsWith(second[..12], lines[1].TrimStart(), StringComparison.Ordinal);
        Assert.Contains("2026-05-01 12:02:00", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("suspect", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(first[..12], lines[2].TrimStart(), StringComparison.Ordinal);
        Assert.Contains("small.onnx (aaaaaaaaaaaa)", lines[2], StringComparison.Ordinal);
        Assert.Contains("this-machine", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Json_HasIdsSettingsAndFingerprints()
    {
        var id = await _history.KeepAsync(await HistoryFixture.ReportAsync(1));

        var (code, tool) = await _history.RunAsync("list", "--json");

        Assert.Equal(ExitCodes.Done, code);
        var run = Assert.Single(tool.Json.GetProperty("runs").EnumerateArray());
        Assert.Equal(id, run.GetProperty("id").GetString());
        Assert.Equal(1, run.GetProperty("settings").GetProperty("threads").GetInt32());
        Assert.Equal(64, run.GetProperty("fingerprint").GetString()!.Length);
        Assert.True(run.GetProperty("p50").GetProperty("estimateUs").GetDouble() > 0);
    }

    [Fact]
    public async Task List_OfAModelFile_ShowsItsMeasurementsAlone()
    {
        var file = _history.Work.Write("mine.onnx", [1, 2, 3]);
        await _history.KeepAsync(await HistoryFixture.ReportAsync(1));
        var id = await _history.KeepAsync(await HistoryFixture.ReportAsync(2) with { ModelSha256 = Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])) });

        var (code, tool) = await _history.RunAsync("list", "--model", file, "--json");

        Assert.Equal(ExitCodes.Done, code);
        Assert.Equal(id, Assert.Single(tool.Json.GetProperty("runs").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(ExitCodes.Input, (await _history.RunAsync("list", "--model", _history.Work["none.onnx"])).Code);
    }

    [Fact]
    public async Task List_WithoutAny_SaysSoAndMakesNoFolder()
    {
        var (code, tool) = await _history.RunAsync("list");

        Assert.Equal(ExitCodes.Done, code);
        Assert.StartsWith("No such measurement is kept.", tool.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_history.Folder));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    public async Task List_WithACountOutOfRange_IsRefused(string count)
    {
        var (code, tool) = await _history.RunAsync("list", "--count", count);

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains("--count is", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ByTheStartOfAnId_IsTheWholeReportAndABaseline()
    {
        var report = await HistoryFixture.ReportAsync(1);
        var id = await _history.KeepAsync(report);

        var (code, tool) = await _history.RunAsync("show", id[..8].ToUpperInvariant(), "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal(JsonSerializer.Serialize(report, ContractsJson.Default.ProfileReport), tool.Out.Trim());
        Assert.Contains("latency p50", (await _history.RunAsync("show", id)).Tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.8, "Faster", "The later is faster than the earlier, by 20.0 %.")]
    [InlineData(1.25, "Slower", "The later is slower than the earlier, by 25.0 %.")]
    [InlineData(1.0, "CannotTell", "Cannot tell which is faster")]
    public async Task Compare_TwoIds_SaysWhichIsFasterWithTheInterval(double factor, string verdict, string sentence)
    {
        var before = await _history.KeepAsync(await HistoryFixture.ReportAsync(1));
        var after = await _history.KeepAsync(await HistoryFixture.ReportAsync(2, factor));

        var (code, tool) = await _history.RunAsync("compare", before[..10], after);
        var json = (await _history.RunAsync("compare", before, after[..10], "--json")).Tool.Json;

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Contains(sentence, tool.Out, StringComparison.Ordinal);
        Assert.Equal(verdict, json.GetProperty("verdict").GetString());
        var ratio = json.GetProperty("ratio");
        Assert.Equal(factor, ratio.GetProperty("estimate").GetDouble(), 3);
        Assert.True(ratio.GetProperty("lower").GetDouble() < factor && ratio.GetProperty("upper").GetDouble() > factor);
        Assert.True(json.GetProperty("sameConditions").GetBoolean());
    }

    [Fact]
    public async Task Compare_AReportFileWithAnId_Compares()
    {
        var file = _history.Work.Write("before.json", JsonSerializer.SerializeToUtf8Bytes(await HistoryFixture.ReportAsync(1), ContractsJson.Default.ProfileReport));
        var after = await _history.KeepAsync(await HistoryFixture.ReportAsync(2, 0.5));

        var (code, tool) = await _history.RunAsync("compare", file, after);

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Contains("by 50.0 %", tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_AcrossFingerprints_IsRefusedNamingThePartUnlessInsisted()
    {
        var before = await _history.KeepAsync(await HistoryFixture.ReportAsync(1));
        var after = await _history.KeepAsync(await HistoryFixture.ReportAsync(2, 0.5, governor: "powersave"));

        var (refused, reason) = await _history.RunAsync("compare", before, after);
        var (insisted, tool) = await _history.RunAsync("compare", before, after, "--across-conditions");

        Assert.Equal(ExitCodes.Input, refused);
        Assert.Contains("governor 'powersave' against", reason.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("processor", reason.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, insisted);
        Assert.Contains("The fingerprints differ", tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc", "neither a file nor an id")]
    [InlineData("door-camera", "neither a file nor an id")]
    [InlineData("../../etc/none", "neither a file nor an id")]
    [InlineData("00000000000000000000000000000000000000000", "neither a file nor an id")]
    [InlineData("0000000000000000", "No measurement is kept whose id begins with '0000000000000000'")]
    public async Task Show_WhatIsNotThere_SaysWhatToDo(string run, string expected)
    {
        await _history.KeepAsync(await HistoryFixture.ReportAsync(1));

        var (code, tool) = await _history.RunAsync("show", run);

        Assert.Equal(ExitCodes.Input, code);
        Assert.StartsWith("EP1004: ", tool.Error, StringComparison.Ordinal);
        Assert.Contains(expected, tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_AFileThatIsNoReport_SaysSo()
    {
        var (code, tool) = await _history.RunAsync("show", _history.Work.Write("other.json", "{\"latency\":null}"u8.ToArray()));

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains("is no report", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plot_OfTwoModels_HasAFigureForEachAndTheSamePageTwice()
    {
        foreach (var minute in new[] { 1, 2, 90 })
        {
            await _history.KeepAsync(await HistoryFixture.ReportAsync(minute, 1 + (minute / 100.0)), "small.onnx");
        }

        var odd = await _history.KeepAsync(await HistoryFixture.ReportAsync(3), "<b>&.onnx");
        var (first, second) = (_history.Work["a.html"], _history.Work["b.html"]);

        var (code, tool) = await _history.RunAsync("plot", "-o", first);
        await _history.RunAsync("plot", "-o", second);
        var page = await File.ReadAllTextAsync(first, TestContext.Current.CancellationToken);

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal(2, page.Split("<figure>").Length - 1);
        // Four points, and one in each legend.
        Assert.Equal(6, page.Split("<circle class=\"dot s1\"").Length - 1);
        Assert.Contains("minutes since 2026-05-01 12:01:00 UTC", page, StringComparison.Ordinal);
        Assert.Contains(odd[..12], page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;.onnx on this-machine.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>&.onnx", page, StringComparison.Ordinal);
        Assert.Equal(page, await File.ReadAllTextAsync(second, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.Input, (await _history.RunAsync("plot", "-o", first)).Code);
    }

    [Fact]
    public async Task Plot_OfNothingOrOneMoment_IsAPage()
    {
        Assert.Equal(ExitCodes.Done, (await _history.RunAsync("plot", "-o", _history.Work["empty.html"])).Code);
        await _history.KeepAsync(await HistoryFixture.ReportAsync(1));

        var (code, tool) = await _history.RunAsync("plot", "-o", _history.Work["one.html"]);

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.DoesNotContain("NaN", await File.ReadAllTextAsync(_history.Work["one.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OverADamagedHistory_SaysWhichFolder()
    {
        Directory.CreateDirectory(_history.Folder);
        await File.WriteAllTextAsync(Path.Combine(_history.Folder, "history.db"), new string('x', 4096), TestContext.Current.CancellationToken);

        var (code, tool) = await _history.RunAsync("list");

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains(_history.Folder, tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_WithABaselineThatIsNotKept_IsRefusedBeforeItMeasures()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("profile", Sample.Model, "--baseline", "00000000", "--history", _history.Folder));
        Assert.StartsWith("EP1004: ", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_KeepingANegativeNumber_IsRefused()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("profile", Sample.Model, "--keep-runs", "-1"));
        Assert.Contains("--keep-runs is -1", tool.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _history.Dispose();
}
