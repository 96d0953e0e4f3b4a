using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

public sealed class LayerSolverTests
{
    [Theory]
    [InlineData(12)]
    [InlineData(300)]
    public void Solve_WithLittleRidge_FindsTheWeightsThatMadeTheTargets(int rows)
    {
        var (layer, truth) = Make(rows, inputs: 5);

        var found = new LayerSolver(layer, 1).Solve(new LayerWeights([new double[5]], [0]), layer.Targets, 1e-9)!;

        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(truth[i], found.Rows[0][i], 1e-3));
        Assert.Equal(0.25, found.Intercepts[0], 1e-3);
    }

    [Fact]
    public void Solve_WithFewerRowsThanUnknowns_StaysNearTheStartWhereNothingIsKnown()
    {
        var (layer, truth) = Make(rows: 6, inputs: 40);
        double[] start = [.. truth.Select(w => w + 0.01)];

        var found = new LayerSolver(layer, 1).Solve(new LayerWeights([start], [0]), layer.Targets, 1e-6)!;

        Assert.True(found.Rows[0].Zip(start, (a, b) => Math.Abs(a - b)).Max() < 0.1);
        Assert.InRange(new LayerJudge(Make(rows: 6, inputs: 40).Layer, 1, PassedRange.Everything).Error(found), 0, 1e-4);
    }

    [Fact]
    public void Solve_WithMuchRidge_KeepsTheStart()
    {
        var (layer, _) = Make(rows: 100, inputs: 4);

        var found = new LayerSolver(layer, 1).Solve(new LayerWeights([[1, 2, 3, 4]], [0]), layer.Targets, 1e9)!;

        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(i + 1.0, found.Rows[0][i], 1e-4));
    }

    private static (LayerRows Layer, double[] Weights) Make(int rows, int inputs)
    {
        var random = new Random(9);
        double[] weights = [.. Enumerable.Range(0, inputs).Select(_ => random.NextDouble() - 0.5)];
        var layer = new LayerRows(rows, inputs, 1, skips: false);
        for (var row = 0; row < rows; row++)
        {
            var sum = 0.25;
            for (var i = 0; i < inputs; i++)
            {
                layer.Inputs[i][row] = (2 * random.NextSingle()) + 1;
                sum += weights[i] * layer.Inputs[i][row];
            }

            layer.Targets[0][row] = (float)sum;
        }

        return (layer, weights);
    }
}
