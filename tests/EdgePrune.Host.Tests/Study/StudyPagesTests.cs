using System.Text.RegularExpressions;
using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed partial class StudyPagesTests
{
    [Fact]
    public void Html_OfAStudy_IsTheApprovedPage() => ApprovedText.Require("study.html", StudyHtml.Render(Studies.Small()));

    [Fact]
    public void Csv_OfAStudy_IsTheApprovedTable() => ApprovedText.Require("study.csv", StudyCsv.Print(Studies.Small()));

    [Fact]
    public void Csv_OfAnyCell_HasAsManyFieldsAsTheHead()
    {
        var lines = StudyCsv.Print(Studies.Small()).TrimEnd('\n').Split('\n');

        Assert.All(lines, l => Assert.Equal(17, Field().Count(l)));
        Assert.Contains("\"EP1107: It <failed>, \"\"twice\"\".\"", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Html_WithHostileWords_EscapesThemAndAsksForNothing()
    {
        const string Hostile = "<script src='https://x'>alert(1)</script>";
        var report = Studies.Small();
        var page = StudyHtml.Render(report with { Model = Hostile, Metric = Hostile, Notes = [Hostile], Rows = [.. report.Rows.Select(r => r with { Failure = new StudyFailure(1, Hostile) })], Options = report.Options with { Criterion = Hostile } });

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(External(), StudyHtml.Render(report));
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_OfAStudyOfEveryPrecision_NamesThemAll_AndNoFigureHasTwoLinesOfOneStyle()
    {
        var page = StudyHtml.Render(Studies.Small([.. Enum.GetValues<Precision>()]));

        Assert.Contains("What pruning, fine-tuning, int8, dynamic, float16, weights8 and weights4 cost and bring", page, StringComparison.Ordinal);
        Assert.All(PrecisionTable.All.Skip(1), f => Assert.Contains($"structured 50 % + 1 epoch + {f.Name}", page, StringComparison.Ordinal));
        Assert.All(PrecisionTable.All.Skip(1), f => Assert.Contains($"structured, {f.Name}", page, StringComparison.Ordinal));
        Assert.All(Figure().Matches(page), f =>
        {
            var styles = LegendStyle().Matches(f.Value).Select(s => s.Groups[1].Value).ToList();
            Assert.Equal(styles.Distinct(), styles);
        });
    }

    [Fact]
    public void Csv_OfAStudyOfEveryPrecision_HasTheNamesOfTheTable()
    {
        var lines = StudyCsv.Print(Studies.Small([.. Enum.GetValues<Precision>()])).TrimEnd('\n').Split('\n').Skip(1);

        Assert.Equal(PrecisionTable.Names, lines.Select(l => l.Split(',')[3]).Distinct());
    }

    [Fact]
    public void Html_OfAStudyWhereAllFailed_IsAPage()
    {
        var report = Studies.Small();
        List<StudyCell> cells = [.. report.Cells.Select(c => new StudyCell(c.Case) { Failure = new StudyFailure(2202, "No channel can go.") })];

        var page = StudyHtml.Render(report with { Cells = cells, Rows = StudyRow.Of(cells), Epochs = EpochFit.Of(cells, 0.5) });

        Assert.Contains("No channel can go.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_OfAStudy_IsTheApprovedFile() => ApprovedText.Require("study.json", StudyFile.Print(Studies.Small()));

    [Fact]
    public void Json_RoundTrip_GivesTheSameText()
    {
        var text = StudyFile.Print(Studies.Small());

        Assert.Equal(text, StudyFile.Print(StudyFile.Parse(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":2}")]
    public void Parse_OfNoStudy_SaysSo(string text) =>
        Assert.Contains("edgeprune study", Assert.Throws<InputException>(() => StudyFile.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2")]
    [InlineData("\"notes\": [", "\"notes\": [], \"rows\": [null], \"x\": [")]
    [InlineData("\"method\": \"Structured\"", "\"method\": \"Sideways\"")]
    public void Parse_OfAChangedStudy_IsRefused(string what, string with) =>
        Assert.Throws<InputException>(() => StudyFile.Parse(StudyFile.Print(Studies.Small()).Replace(what, with, StringComparison.Ordinal)));

    [Fact]
    public void Parse_OfATruncatedStudy_IsRefused()
    {
        var text = StudyFile.Print(Studies.Small());

        Assert.All(Enumerable.Range(1, 20), i => Assert.Throws<InputException>(() => StudyFile.Parse(text[..(text.Length * i / 21)])));
    }

    [Fact]
    public void Cache_OfStudies_FindsThatOfTheModelOnly()
    {
        using var folder = new TemporaryFolder();
        var cache = new StudyCache(folder.FullName);
        var study = Studies.Small();
        cache.Keep(study);

        Assert.Equal(StudyFile.Print(study), StudyFile.Print(cache.Find(study.ModelSha256)!));
        Assert.Null(cache.Find(new string('0', 64)));
        File.WriteAllText(Directory.EnumerateFiles(folder.FullName).Single(), "{");
        Assert.Null(cache.Find(study.ModelSha256));
    }

    [Theory]
    [InlineData(1_690_123, "1.69")]
    [InlineData(169_012, "0.169")]
    [InlineData(16_901, "0.0169")]
    [InlineData(102_400_000, "102.40")]
    public void Megabytes_OfASize_HaveThreeDigits(long bytes, string expected) => Assert.Equal(expected, StudyWords.Megabytes(bytes));

    [GeneratedRegex("""(src=|href|url\(|@import|<script|<link|https?://)""", RegexOptions.IgnoreCase)]
    private static partial Regex External();

    [GeneratedRegex("<figure.*?</figure>", RegexOptions.Singleline)]
    private static partial Regex Figure();

    [GeneratedRegex("<li><svg viewBox=\"0 0 26 12\"><line class=\"line (s\\d)\"")]
    private static partial Regex LegendStyle();

    [GeneratedRegex("""(?:^|,)(?:"(?:[^"]|"")*"|[^,]*)""")]
    private static partial Regex Field();
}
