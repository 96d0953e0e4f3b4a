using CsCheck;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;
using EdgePrune.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Host.Tests;

/// <summary>What is chosen of float, int8 and int8 planned anew; times are the test's.</summary>
public sealed class FastestFormTests
{
    [Theory]
    [InlineData(0.8, 0.7, ModelForm.Replanned)]
    [InlineData(0.7, 0.8, ModelForm.Int8)]
    [InlineData(0.7, 0.7, ModelForm.Int8)]
    [InlineData(1.2, 0.9, ModelForm.Replanned)]
    [InlineData(1.2, 1.1, ModelForm.Float)]
    [InlineData(1.01, null, ModelForm.Float)]
    [InlineData(0.9, null, ModelForm.Int8)]
    public void Of_RatiosToFloat_IsTheFastestAndNeverSlowerThanFloat(double int8, double? replanned, ModelForm expected)
    {
        var choice = FormChoice.Of(Comparison(int8), replanned is { } ratio ? [Round(ratio)] : [], allowsFloat: true);

        Assert.Equal(expected, choice.Fastest);
        Assert.InRange(choice.Ratio.Estimate, 0, 1);
    }

    [Fact]
    public void Of_FloatCannotTakeItsPlace_IsTheFasterInt8() =>
        Assert.Equal(ModelForm.Replanned, FormChoice.Of(Comparison(1.3), [Round(1.2)], allowsFloat: false).Fastest);

    [Fact]
    public async Task ChooseAsync_MeasuresBothForms_PlansByThemAndComparesTheNewOne()
    {
        var model = TestModels.MnistCnnLike();
        var (int8, other) = (QuantizedRun.Quantize(model, options: QuantizationOptions.Plain).Model, QuantizedRun.Quantize(model).Model);
        var machine = new FakeMachine(model, path => path.Contains("replanned", StringComparison.Ordinal) ? 0.5 : 1.5);
        MeasuredForms? seen = null;
        var choice = await ChooseAsync(machine, new ModelForms(model, int8, 3, AllowsFloat: true), forms =>
        {
            seen = forms;
            return other;
        });

        Assert.Equal(ModelForm.Replanned, choice.Fastest);
        Assert.NotEmpty(seen!.Int8);
        Assert.Equal(["profile float 3", "profile int8 3", "compare int8 3", "compare replanned1 3", "profile replanned1 3"], machine.Asked);
        Assert.Equal(OnnxFile.ToBytes(other), machine.Bytes["replanned1"]);
        Assert.Contains("as in round 1", choice.Rounds[^1].Ended, StringComparison.Ordinal);
        Assert.Equal(OnnxFile.ToBytes(model), machine.Bytes["float"]);
    }

    [Fact]
    public async Task ChooseAsync_NothingNewToCompare_SaysWhy()
    {
        var model = TestModels.MnistCnnLike();
        var int8 = QuantizedRun.Quantize(model, options: QuantizationOptions.Plain).Model;
        var forms = new ModelForms(model, int8, 1, AllowsFloat: true);
        var machine = new FakeMachine(model, _ => 1.5);

        Assert.Contains("as before", (await ChooseAsync(machine, forms, _ => int8)).NotReplanned, StringComparison.Ordinal);
        Assert.Contains("everything in float", (await ChooseAsync(machine, forms, _ => model)).NotReplanned, StringComparison.Ordinal);
        Assert.Contains("other model", (await ChooseAsync(machine, forms, _ => throw new InputException(ErrorCode.InvalidOption, "other model"))).NotReplanned, StringComparison.Ordinal);
        Assert.DoesNotContain(machine.Asked, a => a.Contains("replanned", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ChooseAsync_NewPlansEachTime_StopsAfterAFewRounds_AndTakesTheFastestOfAll()
    {
        var (model, int8s) = Forms();
        double[] ratios = [1.24, 0.7, 0.9];
        List<int> shown = [];
        var machine = new FakeMachine(model, path => RoundOf(path) is { } round ? ratios[round - 1] : 1.1);
        var choice = await ChooseAsync(machine, new ModelForms(model, int8s[0], 1, AllowsFloat: true), forms =>
        {
            shown.Add(forms.InInt8.Count);
            return int8s[shown.Count];
        });

        Assert.Equal((ModelForm.Replanned, 2, 0.7), (choice.Fastest, choice.Round, choice.Ratio.Estimate));
        Assert.Equal(ratios, choice.Rounds.Select(r => r.Ratio!.Value));
        Assert.Equal([1, 2, 3], shown);
    }

    [Fact]
    public async Task ChooseAsync_EveryRound_SeesWhatTheWholeOfTheFormsBeforeGave()
    {
        var (model, int8s) = Forms();
        List<double?[]> ratios = [];
        var machine = new FakeMachine(model, path => RoundOf(path) is { } round ? 1.2 + (0.01 * round) : 1.1);
        await ChooseAsync(machine, new ModelForms(model, int8s[0], 1, AllowsFloat: true), forms =>
        {
            ratios.Add([.. forms.InInt8.Select(f => f.Ratio)]);
            return int8s[ratios.Count];
        });

        Assert.Equal([[null], [1.21, 1.1], [1.22, 1.21, 1.1]], ratios);
    }

    [Fact]
    public void ChooseAsync_WhateverTheMachineMeasures_IsNeverSlowerThanOneRoundWouldBe()
    {
        var (model, int8s) = Forms();
        var draw = Gen.Select(Gen.Double[0.3, 2].Array[FastestForm.MostRounds + 1], Gen.Int[0, int8s.Count].Array[FastestForm.MostRounds], Gen.Bool);
        draw.Sample(
            (ratios, plans, allowsFloat) =>
            {
                var round = 0;
                var machine = new FakeMachine(model, path => ratios[RoundOf(path) ?? 0]);
                var forms = new ModelForms(model, int8s[0], 1, allowsFloat);
                var choice = Task.Run(() => ChooseAsync(machine, forms, _ => plans[round++] is var plan && plan < int8s.Count ? int8s[plan] : model)).GetAwaiter().GetResult();

                var once = FormChoice.Of(choice.Int8, [.. choice.Rounds.Take(1)], allowsFloat);
                Assert.True(choice.Ratio.Estimate <= once.Ratio.Estimate);
                Assert.InRange(choice.Rounds.Count, 1, FastestForm.MostRounds);
                Assert.All(choice.Rounds.SkipLast(1), r => Assert.Null(r.Ended));
                Assert.Equal(choice.Rounds.Count(r => r.Ratio is not null), machine.Bytes.Keys.Count(k => k.StartsWith("replanned", StringComparison.Ordinal)));
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(FormBench.Retries)]
    public async Task ChooseAsync_DisturbedProfile_IsMadeAgain_AndProgressSaysWhy(int disturbed)
    {
        var (model, int8s) = Forms();
        var machine = new FakeMachine(model, _ => 0.9) { Disturbed = { ["float"] = disturbed } };
        var told = new Told();
        var choice = await ChooseAsync(machine, new ModelForms(model, int8s[0], 1, AllowsFloat: true), _ => int8s[1], told);

        Assert.Equal(ModelForm.Int8, choice.Fastest);
        Assert.Null(choice.NotReplanned);
        Assert.Equal(1 + disturbed, machine.Asked.Count(a => a == "profile float 1"));
        Assert.Equal(disturbed, told.Lines.Count(l => l.Contains("somebody else computed", StringComparison.Ordinal) && l.Contains("float again", StringComparison.Ordinal)));
        Assert.Equal(disturbed * TrialRunner.Settling, machine.Clock.Waited);
    }

    [Fact]
    public async Task ChooseAsync_AllProfilesDisturbed_ComparesWhatIsThere()
    {
        var (model, int8s) = Forms();
        var machine = new FakeMachine(model, _ => 0.9) { Disturbed = { ["int8"] = int.MaxValue } };
        var choice = await ChooseAsync(machine, new ModelForms(model, int8s[0], 1, AllowsFloat: true), _ => int8s[1]);

        Assert.Equal(ModelForm.Int8, choice.Fastest);
        Assert.Contains("invalid", choice.NotReplanned, StringComparison.Ordinal);
        Assert.Equal(1 + FormBench.Retries, machine.Asked.Count(a => a == "profile int8 1"));
        Assert.Single(machine.Asked, "compare int8 1");
    }

    [Fact]
    public async Task ChooseAsync_ProfileOfANewFormDisturbed_KeepsWhatItsRoundGave()
    {
        var (model, int8s) = Forms();
        var machine = new FakeMachine(model, path => RoundOf(path) is null ? 0.9 : 0.8) { Disturbed = { ["replanned1"] = int.MaxValue } };
        var choice = await ChooseAsync(machine, new ModelForms(model, int8s[0], 1, AllowsFloat: true), _ => int8s[1]);

        Assert.Equal((ModelForm.Replanned, 1), (choice.Fastest, choice.Round));
        Assert.Contains("invalid", choice.Rounds[1].Ended, StringComparison.Ordinal);
    }

    // The float form, and int8 forms of which no two are alike.
    private static (Model Float, IReadOnlyList<Model> Int8) Forms()
    {
        var model = TestModels.MnistCnnLike();
        Node[] weighted = [.. model.Graph.Nodes.Where(n => n.OperatorType is "Conv" or "Gemm")];
        return (model, [.. weighted.Select(n => QuantizedRun.Quantize(model, options: QuantizationOptions.Plain with { KeepFloat = new HashSet<string> { n.Label } }).Model)]);
    }

    private static int? RoundOf(string path) =>
        Path.GetFileNameWithoutExtension(path) is var name && name.StartsWith("replanned", StringComparison.Ordinal) ? name[^1] - '0' : null;

    private static ReplanRound Round(double ratio) => new() { Comparison = Comparison(ratio) };

    private static Task<FormChoice> ChooseAsync(FakeMachine machine, ModelForms forms, Func<MeasuredForms, Model> replan, IProgress<string>? progress = null) =>
        new FastestForm(machine, machine) { Clock = machine.Clock }.ChooseAsync(forms, (measured, _) => Task.FromResult(new PlannedForm(replan(measured), null)), progress, TestContext.Current.CancellationToken);

    private static ComparisonReport Comparison(double ratio)
    {
        var report = MeasuredReports.Report();
        return new ComparisonReport
        {
            ModelSha256 = "a", ReferenceSha256 = "b", Settings = report.Settings, StartedAt = report.StartedAt, Rounds = 20, RunsPerBlock = 1, Ratio = new BoundedRatio(ratio, ratio, ratio),
            ModelP50 = TimeSpan.FromMicroseconds(ratio), ReferenceP50 = TimeSpan.FromMicroseconds(1), Verdict = PairedRatio.Judge(new BoundedRatio(ratio, ratio, ratio)), Conditions = report.Conditions, Validity = report.Verdict,
        };
    }

    /// <summary>Answers with times of the test's choice, and remembers what it was asked.</summary>
    private sealed class FakeMachine(Model model, Func<string, double> ratio) : IModelProfiler, IModelComparer
    {
        public List<string> Asked { get; } = [];

        public Dictionary<string, byte[]> Bytes { get; } = [];

        /// <summary>For each form how many of its first profiles are disturbed.</summary>
        public Dictionary<string, int> Disturbed { get; } = [];

        public HurriedClock Clock { get; } = new();

        public async Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken)
        {
            var form = await AskedAsync("profile", modelPath, settings, cancellationToken);
            Assert.True(settings.PerOperator);
            var type = form == "float" ? "Conv" : "QLinearConv";
            var report = MeasuredReports.Report([.. model.Graph.Nodes.Where(n => n.OperatorType == "Conv").Select(n => MeasuredReports.Time(n.Label, type, 5))]);
            var isDisturbed = Asked.Count(a => a.StartsWith($"profile {form} ", StringComparison.Ordinal)) <= Disturbed.GetValueOrDefault(form);
            return isDisturbed ? report with { Verdict = new RunVerdict(RunValidity.Invalid, ["somebody else computed."]) } : report;
        }

        public async Task<ComparisonReport> CompareAsync(string modelPath, string referencePath, ProfileSettings settings, CancellationToken cancellationToken)
        {
            await AskedAsync("compare", modelPath, settings, cancellationToken);
            Assert.EndsWith("float.onnx", referencePath, StringComparison.Ordinal);
            return Comparison(ratio(modelPath));
        }

        private async Task<string> AskedAsync(string what, string path, ProfileSettings settings, CancellationToken cancellationToken)
        {
            var form = Path.GetFileNameWithoutExtension(path);
            Asked.Add($"{what} {form} {settings.Threads}");
            Bytes[form] = await File.ReadAllBytesAsync(path, cancellationToken);
            return form;
        }
    }

    private sealed class Told : IProgress<string>
    {
        public List<string> Lines { get; } = [];

        public void Report(string value) => Lines.Add(value);
    }

    /// <summary>Whoever waits has waited at once.</summary>
    private sealed class HurriedClock : FakeTimeProvider
    {
        public TimeSpan Waited { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waited += dueTime;
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime);
            return timer;
        }
    }
}
