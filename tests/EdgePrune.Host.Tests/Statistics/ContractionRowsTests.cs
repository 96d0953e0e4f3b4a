using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class ContractionRowsTests
{
    [Fact]
    public void Read_OnEveryFixture_TimesTheWeightPlusBiasIsTheOutput()
    {
        var compared = 0;
        foreach (var name in TestModels.Names)
        {
            compared += Compare(ModelAnalysis.Of(TestModels.Make(name)), name);
        }

        Assert.True(compared > 30, $"Only {compared} contractions were compared.");
    }

    private static int Compare(ModelAnalysis analysis, string name)
    {
        var contractions = analysis.Contractions.Where(c => c.Weight.Value.ElementType == ElementType.Float32 && ContractionRows.TryMake(c) is not null).ToList();
        var values = Values(analysis, contractions);
        foreach (var contraction in contractions)
        {
            var (data, output) = (values[contraction.Data.Value.Name], values[contraction.Output.Value.Name]);
            Assert.True(Difference(contraction, data, output) < 1e-4, $"{name}: {contraction.Node}");
        }

        return contractions.Count;
    }

    private static double Difference(Contraction contraction, Tensor data, Tensor output)
    {
        var rows = ContractionRows.TryMake(contraction)!;
        var view = WeightView.Of(contraction);
        var weight = contraction.Weight.Value.Constant!.ToFloats();
        var bias = contraction.BiasInput < 0 ? null : contraction.Node.Input(contraction.BiasInput)?.Constant?.ToFloats();
        var columns = new float[rows.Columns];
        var worst = 0.0;
        for (var row = 0; row < rows.Count(output.Dims); row++)
        {
            rows.Read(data, output.Dims, row, columns);
            var (first, step) = rows.OutputPlace(output.Dims, row);
            for (var m = 0; m < view.Outputs; m++)
            {
                double sum = bias is null ? 0 : bias[m % bias.Length] * contraction.BiasScale;
                for (var c = 0; c < view.Inputs; c++)
                {
                    for (var t = 0; t < view.Taps && view.BlockOfInput(c) == view.BlockOfOutput(m); t++)
                    {
                        sum += (double)columns[(c * view.Taps) + t] * weight[view.Index(m, c, t)] * contraction.SumScale;
                    }
                }

                worst = Math.Max(worst, Math.Abs(sum - output.Span<float>()[first + (m * step)]));
            }
        }

        return worst;
    }

    private static Dictionary<string, Tensor> Values(ModelAnalysis analysis, List<Contraction> contractions)
    {
        var probe = analysis.Model.Clone();
        var editor = new GraphEditor(probe.Graph);
        foreach (var value in contractions.SelectMany(c => new[] { c.Data.Value.Name, c.Output.Value.Name }).Distinct().Where(v => !probe.Graph.Values[v].IsGraphInput))
        {
            editor.AddGraphOutput(probe.Graph.Values[value]);
        }

        using var runner = new GraphRunner(probe, new RunnerOptions { Optimize = false });
        var feeds = RandomFeeds.For(analysis.Model, analysis.Shapes, 5);
        var values = feeds.ToDictionary(f => f.Key, f => f.Value);
        foreach (var (name, tensor) in runner.OutputNames.Zip(runner.Run(feeds)))
        {
            values[name] = tensor;
        }

        return values;
    }
}
