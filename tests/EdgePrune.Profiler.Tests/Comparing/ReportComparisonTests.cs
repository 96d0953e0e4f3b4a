using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class ReportComparisonTests
{
    private static ProfileReport Under(ProfileReport report, string fingerprint, string governor) =>
        report with { Conditions = report.Conditions with { Fingerprint = fingerprint, Governor = governor } };

    [Fact]
    public void Compare_OfTheSameConditions_GivesTheRatioWithItsBounds()
    {
        var ratio = ReportComparison.Compare(MadeReport.Of(50), MadeReport.Of(100), acrossConditions: false);
        Assert.Equal(0.5, ratio.Estimate, 9);
        Assert.Equal(49 / 101.0, ratio.Lower!.Value, 9);
        Assert.Equal(51 / 99.0, ratio.Upper!.Value, 9);
        Assert.Equal(SpeedVerdict.Faster, PairedRatio.Judge(ratio));
    }

    [Fact]
    public void Compare_OfDifferentFingerprints_RefusesUnlessTheCallerInsists()
    {
        var (now, then) = (Under(MadeReport.Of(50), "x", "performance"), Under(MadeReport.Of(100), "y", "ondemand"));
        var error = Assert.Throws<InputException>(() => ReportComparison.Compare(now, then, acrossConditions: false));
        Assert.Contains("governor 'performance' against 'ondemand'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("machine", error.Message, StringComparison.Ordinal);
        Assert.Equal(0.5, ReportComparison.Compare(now, then, acrossConditions: true).Estimate, 9);
    }

    [Fact]
    public void Compare_OfDifferentSettings_NamesThoseThatDifferAndNoOther()
    {
        var now = MadeReport.Of(50, new ProfileSettings { Threads = 2, Period = TimeSpan.FromMilliseconds(10) });
        var then = Under(MadeReport.Of(100), "y", "performance");

        var error = Assert.Throws<InputException>(() => ReportComparison.Compare(Under(now, "x", "performance"), then, acrossConditions: false));

        Assert.Equal(
            "The two reports do not compare: setting threads '2' against '1', setting periodUs '10000' against 'none'. Measure both the same way, or insist with --across-conditions.",
            error.Message.Replace("EP1001: ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_OfReportsThatDifferInNothingTheyTell_SaysSo()
    {
        var error = Assert.Throws<InputException>(() => ReportComparison.Compare(Under(MadeReport.Of(50), "x", "performance"), Under(MadeReport.Of(50), "y", "performance"), acrossConditions: false));
        Assert.Contains("their fingerprints differ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_OfAnInvalidRun_Refuses() =>
        Assert.Throws<InputException>(() => ReportComparison.Compare(MadeReport.Of(50), MadeReport.Of(100, validity: RunValidity.Invalid), acrossConditions: true));
}
