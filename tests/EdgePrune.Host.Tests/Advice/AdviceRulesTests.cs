using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class AdviceRulesTests
{
    private const string Pi4 = "raspberry-pi-4";
    private const string Pi5 = "raspberry-pi-5";
    private const string Host = "this-machine";

    [Theory]
    [InlineData("prune", "small", Pi4, "latency", true)]
    [InlineData("prune", "single", Pi4, "latency", false)]
    [InlineData("prune-then-int8", "small", Pi4, "latency samples", true)]
    [InlineData("prune-then-int8", "small", Pi4, "latency", false)]
    [InlineData("int8", "small", Pi4, "latency", true)]
    [InlineData("int8", "integers", Pi4, "latency", false)]
    [InlineData("dynamic", "encoder", Pi4, "latency", true)]
    [InlineData("dynamic", "recurrent", Pi4, "memory samples", true)]
    [InlineData("dynamic", "small", Pi4, "latency", false)]
    [InlineData("dynamic", "encoder", Pi4, "latency study", false)]
    [InlineData("dynamic", "integers", Pi4, "latency", false)]
    [InlineData("float16", "encoder", Pi5, "transfer", true)]
    [InlineData("float16", "encoder", Pi4, "transfer", false)]
    [InlineData("float16", "small", Pi5, "transfer", false)]
    [InlineData("weights8", "encoder", Pi4, "memory", true)]
    [InlineData("weights8", "recurrent", Pi4, "memory", false)]
    [InlineData("weights4", "encoder", Pi4, "transfer", true)]
    [InlineData("weights4", "mnist", Pi4, "transfer", false)]
    [InlineData("nothing-to-prune", "single", Pi4, "latency", true)]
    [InlineData("nothing-to-prune", "small", Pi4, "latency", false)]
    [InlineData("measured-study", "small", Pi4, "latency study", true)]
    [InlineData("measured-study", "small", Pi4, "memory study", true)]
    [InlineData("measured-study", "small", Pi4, "latency", false)]
    [InlineData("epochs-needed", "small", Pi4, "latency study", true)]
    [InlineData("epochs-needed", "small", Pi4, "latency", false)]
    [InlineData("prune", "small", Pi4, "latency study", false)]
    [InlineData("prune-then-int8", "small", Pi4, "latency samples study", false)]
    [InlineData("int8", "small", Pi4, "transfer study", false)]
    [InlineData("data-free", "small", Pi4, "latency study", false)]
    [InlineData("already-quantized", "integers", Pi4, "latency", true)]
    [InlineData("already-quantized", "small", Pi4, "latency", false)]
    [InlineData("data-free", "small", Pi4, "latency", true)]
    [InlineData("data-free", "small", Pi4, "latency samples", false)]
    [InlineData("global-obs", "small", Pi4, "latency samples", true)]
    [InlineData("global-obs", "small", Pi4, "latency", false)]
    [InlineData("prunability", "small", Pi4, "latency probe", true)]
    [InlineData("prunability", "small", Pi4, "latency samples", false)]
    [InlineData("int8-agreement", "small", Pi4, "latency probe", true)]
    [InlineData("int8-agreement", "small", Pi4, "latency samples", false)]
    [InlineData("file-budget", "mnist", Pi4 + "+400kB", "latency samples", true)]
    [InlineData("file-budget", "mnist", Pi4, "latency samples", false)]
    [InlineData("fits-already", "mnist", Pi4, "latency", true)]
    [InlineData("fits-already", "mnist", Host, "latency", false)]
    [InlineData("memory-bound", "mnist", "raspberry-pi-zero-2w", "latency", true)]
    [InlineData("memory-bound", "mnist", Host, "latency", false)]
    [InlineData("memory-bound", "mnist", "raspberry-pi-zero-2w", "memory", false)]
    [InlineData("activations", nameof(TestModels.ConcatInception), Pi4, "memory", true)]
    [InlineData("activations", "mnist", Pi4, "memory", false)]
    [InlineData("graph-bytes", nameof(TestModels.Mlp), Pi4, "transfer", true)]
    [InlineData("graph-bytes", "mnist", Pi4, "transfer", false)]
    [InlineData("sparsity-transfer", "mnist", Pi4, "transfer", true)]
    [InlineData("sparsity-transfer", "mnist", Pi4, "latency", false)]
    [InlineData("no-sparsity-speed", "small", Pi4, "energy", true)]
    [InlineData("no-sparsity-speed", "small", Pi4, "transfer", false)]
    [InlineData("pinned", nameof(TestModels.UnknownOperator), Pi4, "latency", true)]
    [InlineData("pinned", "small", Pi4, "latency", false)]
    [InlineData("depthwise", nameof(TestModels.DepthwiseSeparable), Pi4, "latency", true)]
    [InlineData("depthwise", "small", Pi4, "latency", false)]
    [InlineData("norms", nameof(TestModels.RmsNorm), Pi4, "latency", true)]
    [InlineData("norms", "small", Pi4, "latency", false)]
    [InlineData("attention", nameof(TestModels.Attention), Pi4, "latency", true)]
    [InlineData("attention", nameof(TestModels.Mlp), Pi4, "latency", false)]
    [InlineData("labels", "small", Pi4, "latency labels", true)]
    [InlineData("labels", "small", Pi4, "latency samples", false)]
    [InlineData("no-labels", "small", Pi4, "latency samples", true)]
    [InlineData("no-labels", "small", Pi4, "latency labels", false)]
    [InlineData("one-shot", nameof(TestModels.Mlp), Pi4, "latency", true)]
    [InlineData("one-shot", nameof(TestModels.Mlp), Pi4, "latency labels", false)]
    [InlineData("iterative", nameof(TestModels.Mlp), Pi4, "latency labels", true)]
    [InlineData("iterative", nameof(TestModels.Mlp), Pi4, "latency samples", false)]
    [InlineData("lottery-ticket", "small", Pi4, "latency labels", true)]
    [InlineData("lottery-ticket", "small", Pi4, "latency", false)]
    public void Rule_ForItsCase_FiresAndForAnotherDoesNot(string rule, string model, string target, string words, bool fires) =>
        Assert.Equal(fires, Advisor.Advise(AdviceCase.Analyse(model), AdviceCase.Request(target, words)).Advice.Any(a => a.Rule == rule));

    [Fact]
    public void Rules_EachHaveACaseWhereTheyFireAndOneWhereTheyDoNot()
    {
        var cases = typeof(AdviceRulesTests).GetMethod(nameof(Rule_ForItsCase_FiresAndForAnotherDoesNot))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!).Select(v => v.Value).ToList())
            .Select(v => (Rule: (string)v[0]!, Fires: (bool)v[4]!))
            .ToHashSet();

        Assert.All(AdviceRules.All, r => Assert.True(cases.Contains((r.Name, true)) && cases.Contains((r.Name, false)), r.Name));
        Assert.Equal(AdviceRules.All.Count, AdviceRules.All.Select(r => r.Name).Distinct().Count());
    }

    [Fact]
    public void FileBudget_WithinReach_NamesTheLowestRateThatMeetsIt()
    {
        var advice = Single("mnist", Pi4 + "+300kB", "latency samples", "file-budget");
        var context = AdviceCase.Context("mnist", Pi4 + "+300kB", "latency samples");

        Assert.Contains("prune at rate 0.2 and quantize to int8", advice.Text, StringComparison.Ordinal);
        Assert.True(context.Projected(0.2, Precision.Int8).FileBytes <= 300_000);
        Assert.True(context.Projected(0.1, Precision.Int8).FileBytes > 300_000);
    }

    [Fact]
    public void FileBudget_OutOfReach_SaysSo() =>
        Assert.Contains("out of reach", Single("mnist", Pi4 + "+1kB", "latency samples", "file-budget").Text, StringComparison.Ordinal);

    [Fact]
    public void Int8_WithoutDotProduct_SavesBytesAndNoArithmetic()
    {
        Assert.Contains("no integer dot-product", Single("mnist", Pi4, "latency samples", "int8").Reason, StringComparison.Ordinal);
        Assert.True(Single("mnist", "raspberry-pi-5", "latency samples", "int8").Effect!.Ratio < Single("mnist", Pi4, "latency samples", "int8").Effect!.Ratio);
    }

    [Fact]
    public void Int8_OnATargetWithoutFigures_IsNotPredicted() => Assert.Null(Single("mnist", Host, "latency samples", "int8").Effect!.Ratio);

    [Theory]
    [InlineData("dynamic", Pi5, "latency", 0.2, 0.5)]
    [InlineData("dynamic", Pi4, "memory", 0.25, 0.35)]
    [InlineData("weights8", Pi4, "memory", 0.25, 0.35)]
    [InlineData("weights4", Pi4, "memory", 0.15, 0.25)]
    [InlineData("weights4", Pi4, "transfer", 0.1, 0.25)]
    [InlineData("float16", Pi5, "transfer", 0.4, 0.6)]
    [InlineData("float16", Pi5, "latency", 1, 1)]
    [InlineData("float16", Pi5, "memory", 1, 1)]
    public void Precision_ThatSuits_ComesWithWhatItIsPredictedToBringAndItsCommand(string precision, string target, string words, double least, double most)
    {
        var advice = Single("encoder", target, words, precision);

        Assert.InRange(advice.Effect!.Ratio!.Value, least, most);
        Assert.Contains("file to", advice.Effect.Text, StringComparison.Ordinal);
        Assert.Equal($"edgeprune quantize model.onnx --precision {precision} --output model.{precision}.onnx", advice.Command);
    }

    [Theory]
    [InlineData("encoder", Precision.Dynamic)]
    [InlineData("encoder", Precision.Float16)]
    [InlineData("encoder", Precision.Weights8)]
    [InlineData("encoder", Precision.Weights4)]
    [InlineData("recurrent", Precision.Dynamic)]
    public void Precision_ThatSuits_HasAboutThePredictedBytes(string model, Precision precision)
    {
        var context = AdviceCase.Context(model, Pi5, "memory");
        var converted = PrecisionTable.Of(precision).Conversion!.Convert(context.Analysis.Model, TestContext.Current.CancellationToken).Model;

        // Nodes, names and scales that the conversion adds are not predicted.
        var tolerance = 6000 + (0.01 * context.Now.FileBytes);
        Assert.InRange(context.Projected(0, precision).FileBytes - Onnx.OnnxFile.Digest(converted).Length, -tolerance, tolerance);
    }

    [Fact]
    public void Precision_OnATargetWithoutFigures_PredictsBytesAndNoTime()
    {
        var effect = Single("encoder", Host, "latency", "dynamic").Effect!;

        Assert.Null(effect.Ratio);
        Assert.Matches(@"^file to \d+ %; the time is not predictable", effect.Text);
    }

    [Fact]
    public void Precision_ThatWasTried_SaysHowItScored()
    {
        Assert.Contains("Tried, it scores 99.5 % against the original on 64 samples", Single("encoder", Pi4, "latency probe", "dynamic").Reason, StringComparison.Ordinal);
        Assert.True(Single("encoder", Pi4, "memory fragile", "dynamic").Usefulness < Single("encoder", Pi4, "memory samples", "dynamic").Usefulness);
    }

    [Fact]
    public void Prunability_OfAFragileModel_ExpectsALoss()
    {
        Assert.Contains("start the search at rate 0.3", Single("mnist", Pi4, "latency probe", "prunability").Text, StringComparison.Ordinal);
        Assert.Contains("plan for fine-tuning", Single("mnist", Pi4, "latency fragile", "prunability").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Attention_ComparesBothReadings() =>
        Assert.Matches(@"^\d+ % of the operations can go by heads, \d+ % by dimensions$", Single(nameof(TestModels.Attention), Pi4, "latency", "attention").Effect!.Text);

    private static Advice Single(string model, string target, string words, string rule) =>
        Assert.Single(Advisor.Advise(AdviceCase.Analyse(model), AdviceCase.Request(target, words)).Advice, a => a.Rule == rule);
}
