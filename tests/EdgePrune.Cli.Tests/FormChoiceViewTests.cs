using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Profiler;

namespace EdgePrune.Cli.Tests;

/// <summary>What people read of the rounds of planning int8 by measurements.</summary>
public sealed class FormChoiceViewTests
{
    [Fact]
    public void Print_RoundsOfWhichTheSecondIsFastest_TellsWhatEachPromisedAndGave()
    {
        var lines = Print(FormChoice.Of(Comparison(1.14), [Round(0.7, 1.27), Round(0.9, 0.89), new ReplanRound { Ended = "By the measurements of its operators int8 is planned as in round 1." }], allowsFloat: true));

        Assert.StartsWith("speed:  int8 as counted: Ratio to the float model: 1.14", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("        int8 as measured, round 1: Ratio to the float model: 1.27", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("Its operators promised 0.70.", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("        int8 as measured, round 2: Ratio to the float model: 0.89", lines[2], StringComparison.Ordinal);
        Assert.Equal("        not re-planned again: By the measurements of its operators int8 is planned as in round 1.", lines[3]);
        Assert.Equal("        What was written is int8 as measured in round 2, the fastest form on this machine.", lines[4]);
    }

    [Fact]
    public void Print_NothingFasterThanFloat_SaysThatFloatWasWritten()
    {
        var lines = Print(FormChoice.Of(Comparison(1.14), [new ReplanRound { Ended = "The float profile is invalid: Cores were shared." }], allowsFloat: true));

        Assert.Equal("        not re-planned: The float profile is invalid: Cores were shared.", lines[1]);
        Assert.Equal("        int8 is slower than float on this machine: what was written is the float model.", lines[2]);
    }

    private static string[] Print(FormChoice choice)
    {
        using var text = new StringWriter();
        FormChoiceView.Print(new Screen(new ToolShell { Out = text, Error = TextWriter.Null }, isJson: false), choice, takesBytes: false);
        return text.ToString().Split('\n');
    }

    private static ReplanRound Round(double promised, double gave) => new()
    {
        Planned = new PlannedTime(TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(100 * promised)),
        Comparison = Comparison(gave),
    };

    private static ComparisonReport Comparison(double ratio)
    {
        var bounded = new BoundedRatio(ratio, ratio - 0.01, ratio + 0.01);
        return new ComparisonReport
        {
            ModelSha256 = "a", ReferenceSha256 = "b", Settings = new ProfileSettings(), StartedAt = DateTimeOffset.UnixEpoch, Rounds = 20, RunsPerBlock = 1, Ratio = bounded,
            ModelP50 = 100 * ratio * TimeSpan.FromMicroseconds(1), ReferenceP50 = TimeSpan.FromMicroseconds(100), Verdict = PairedRatio.Judge(bounded), Conditions = new RunConditions { OnnxRuntimeVersion = "1", Fingerprint = "f" },
            Validity = new RunVerdict(RunValidity.Valid, []),
        };
    }
}
