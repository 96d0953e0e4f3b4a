using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Says on held-out rows how far a layer's output is from the original's, behind its activation.</summary>
internal sealed class LayerJudge(LayerRows rows, int blocks, PassedRange range)
{
    /// <summary>Squared error as a share of the original's variance.</summary>
    public double Error(LayerWeights weights)
    {
        var predicted = Predict(rows, weights, blocks);
        var (error, energy) = (0.0, 0.0);
        for (var output = 0; output < predicted.Length; output++)
        {
            var (target, given) = (rows.Targets[output], predicted[output]);
            var (sum, squares) = (0.0, 0.0);
            for (var row = 0; row < rows.Count; row++)
            {
                double wanted = Math.Clamp(target[row], range.Low, range.High);
                var difference = Math.Clamp(given[row], range.Low, range.High) - wanted;
                error += difference * difference;
                sum += wanted;
                squares += wanted * wanted;
            }

            energy += squares - (sum * sum / rows.Count);
        }

        return energy > 0 ? error / energy : error;
    }

    /// <summary>What a layer gives for rows, at the sum.</summary>
    public static float[][] Predict(LayerRows rows, LayerWeights weights, int blocks)
    {
        var (outputs, inputs) = (weights.Rows.Length / blocks, rows.Inputs.Length / blocks);
        List<float[]> predicted = [];
        for (var block = 0; block < blocks; block++)
        {
            predicted.AddRange(MatrixProduct.Combine(weights.Rows[(block * outputs)..((block + 1) * outputs)], rows.Inputs.AsMemory(block * inputs, inputs)));
        }

        for (var output = 0; output < predicted.Count; output++)
        {
            var column = predicted[output].AsSpan(0, rows.Count);
            System.Numerics.Tensors.TensorPrimitives.Add(column, (float)weights.Intercepts[output], column);
            if (rows.Skips is { } skips)
            {
                System.Numerics.Tensors.TensorPrimitives.Add<float>(column, skips[output].AsSpan(0, rows.Count), column);
            }
        }

        return [.. predicted];
    }
}
