using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;
using EdgePrune.TestKit;

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
        var choice = FormChoice.Of(Comparison(int8), replanned is { } ratio ? Comparison(ratio) : null, allowsFloat: true);

        Assert.Equal(expected, choice.Fastest);
        Assert.InRange(choice.Ratio.Estimate, 0, 1);
    }

    [Fact]
    public void Of_FloatCannotTakeItsPlace_IsTheFasterInt8() =>
        Assert.Equal(ModelForm.Replanned, FormChoice.Of(Comparison(1.3), Comparison(1.2), allowsFloat: false).Fastest);

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
        Assert.Equal(["profile float 3", "profile int8 3", "compare int8 3", "compare replanned 3"], machine.Asked);
        Assert.Equal(OnnxFile.ToBytes(other), machine.Bytes["replanned"]);
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
        Assert.DoesNotContain("compare replanned 1", machine.Asked);
    }

    private static Task<FormChoice> ChooseAsync(FakeMachine machine, ModelForms forms, Func<MeasuredForms, Model> replan) =>
        new FastestForm(machine, machine).ChooseAsync(forms, (measured, _) => Task.FromResult(replan(measured)), null, TestContext.Current.CancellationToken);

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

        public async Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken)
        {
            var form = await AskedAsync("profile", modelPath, settings, cancellationToken);
            Assert.True(settings.PerOperator);
            var type = form == "float" ? "Conv" : "QLinearConv";
            return MeasuredReports.Report([.. model.Graph.Nodes.Where(n => n.OperatorType == "Conv").Select(n => MeasuredReports.Time(n.Label, type, 5))]);
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
}
