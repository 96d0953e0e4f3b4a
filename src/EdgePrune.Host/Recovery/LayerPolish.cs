using EdgePrune.Onnx;

using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Fits one layer's weights to the original's output on the pruned model's own activations. What an activation behind the
/// layer cuts off need not be right: targets follow the prediction there, which is fitted again a few times.
/// </summary>
internal sealed class LayerPolish
{
    private const int Rounds = 8;
    private static readonly double[] Ridges = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

    private readonly LayerRows _rows;
    private readonly LayerSolver _solver;
    private readonly LayerJudge _judge;
    private readonly PassedRange _range;

    public LayerPolish(LayerRows fitted, LayerJudge judge, int blocks, PassedRange range)
    {
        _rows = fitted;
        _judge = judge;
        _range = range;
        _solver = new LayerSolver(fitted, blocks);
    }

    /// <summary>The best weights found, and their error on held-out rows; those given when nothing is better.</summary>
    public (LayerWeights Weights, double Error) Improve(LayerWeights start, double error)
    {
        var plain = Own(_rows.Targets);
        var (best, ridge) = ((Weights: start, Error: error), 0.0);
        var middle = Ridges.Length / 2;
        foreach (var direction in (int[])[1, -1])
        {
            for (var i = direction > 0 ? middle : middle - 1; i >= 0 && i < Ridges.Length; i += direction)
            {
                if (Try(start, plain, Ridges[i]) is not { } candidate || !(candidate.Error < best.Error))
                {
                    break;
                }

                (best, ridge) = (candidate, Ridges[i]);
            }
        }

        return ridge > 0 && !(float.IsInfinity(_range.Low) && float.IsInfinity(_range.High)) ? Rectify(start, best, ridge) : best;
    }

    private (LayerWeights Weights, double Error) Rectify(LayerWeights start, (LayerWeights Weights, double Error) best, double ridge)
    {
        var current = best.Weights;
        for (var round = 0; round < Rounds; round++)
        {
            if (Try(start, Own(Reachable(_solver.Predict(current))), ridge) is not { } next)
            {
                break;
            }

            current = next.Weights;
            if (!(next.Error < best.Error))
            {
                break;
            }

            best = next;
        }

        return best;
    }

    private (LayerWeights Weights, double Error)? Try(LayerWeights start, float[][] targets, double ridge) =>
        _solver.Solve(start, targets, ridge) is { } weights ? (weights, _judge.Error(weights)) : null;

    // What the layer itself should give: the sum without what is added to it.
    private float[][] Own(float[][] sums)
    {
        if (_rows.Skips is not { } skips)
        {
            return sums;
        }

        return [.. sums.Zip(skips, (sum, skip) =>
        {
            var own = new float[sum.Length];
            TensorPrimitives.Subtract<float>(sum, skip, own);
            return own;
        })];
    }

    // The nearest sum that gives the wanted value behind the activation.
    private float[][] Reachable(float[][] predicted)
    {
        for (var output = 0; output < predicted.Length; output++)
        {
            var (column, target) = (predicted[output], _rows.Targets[output]);
            for (var row = 0; row < _rows.Count; row++)
            {
                var wanted = target[row];
                column[row] = wanted <= _range.Low ? Math.Min(column[row], _range.Low)
                    : wanted >= _range.High ? Math.Max(column[row], _range.High)
                    : wanted;
            }
        }

        return predicted;
    }
}
