using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Mean and covariance behind an elementwise function of normal channels, by Hermite expansion: with
/// f_n = E[f(mean + deviation z) h_n(z)], the covariance of two channels of correlation r is the sum over n of f_n g_n r^n.
/// </summary>
/// <remarks>For Relu and means of 0 the sum is the arc-cosine kernel of Cho and Saul, NIPS 2009.</remarks>
internal static class ActivationMoments
{
    private const int Orders = 8;
    private const int Points = 241;
    private const double Reach = 6;

    /// <summary>The function of a node that looks at each element alone; null for any other node.</summary>
    public static Func<double, double>? FunctionOf(Node node) => node.OperatorType switch
    {
        "Relu" => x => Math.Max(0, x),
        "LeakyRelu" when node.Float("alpha", 0.01f) is var slope => x => x < 0 ? slope * x : x,
        "Elu" when node.Float("alpha", 1) is var scale => x => x < 0 ? scale * (Math.Exp(x) - 1) : x,
        "Sigmoid" => Sigmoid,
        "Tanh" => Math.Tanh,
        "Softplus" => x => Math.Log(1 + Math.Exp(x)),
        "HardSwish" => x => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        "HardSigmoid" when (node.Float("alpha", 0.2f), node.Float("beta", 0.5f)) is var (alpha, beta) => x => Math.Clamp((alpha * x) + beta, 0, 1),
        "Gelu" => x => x * Sigmoid(1.702 * x),
        "Clip" when LayerPlace.RangeOf(node) is var (low, high) => x => Math.Clamp(x, low, high),
        "Identity" or "Dropout" => x => x,
        _ => null,
    };

    /// <summary>Moments behind the function.</summary>
    public static ChannelMoments Behind(ChannelMoments before, Func<double, double> function)
    {
        var deviations = before.Mean.Select((_, c) => Math.Sqrt(Math.Max(0, before.Covariance[c][c]))).ToArray();
        var expansions = before.Mean.Zip(deviations, (mean, deviation) => Expand(z => function(mean + (deviation * z)))).ToArray();
        var covariance = Array.ConvertAll(before.Covariance, row => new double[row.Length]);
        for (var i = 0; i < covariance.Length; i++)
        {
            covariance[i][i] = expansions[i].Variance;
            for (var j = 0; j < i; j++)
            {
                var scale = deviations[i] * deviations[j];
                var correlation = scale > 0 ? Math.Clamp(before.Covariance[i][j] / scale, -1, 1) : 0;
                covariance[i][j] = covariance[j][i] = Related(expansions[i].Terms, expansions[j].Terms, correlation);
            }
        }

        return before with { Mean = [.. expansions.Select(e => e.Terms[0])], Covariance = covariance };
    }

    private static double Related(double[] a, double[] b, double correlation)
    {
        var sum = 0.0;
        for (var n = Orders; n > 0; n--)
        {
            sum = (sum + (a[n] * b[n])) * correlation;
        }

        return sum;
    }

    // Normalised Hermite polynomials: h_0 = 1, h_1 = z, h_n = (z h_(n-1) - sqrt(n - 1) h_(n-2)) / sqrt(n).
    private static (double[] Terms, double Variance) Expand(Func<double, double> function)
    {
        var (terms, squares, step) = (new double[Orders + 1], 0.0, 2 * Reach / (Points - 1));
        for (var point = 0; point < Points; point++)
        {
            var z = (point * step) - Reach;
            var value = function(z);
            var weight = step * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
            squares += weight * value * value;
            var (last, polynomial) = (0.0, 1.0);
            for (var n = 0; n <= Orders; n++)
            {
                terms[n] += weight * value * polynomial;
                (last, polynomial) = (polynomial, ((z * polynomial) - (Math.Sqrt(n) * last)) / Math.Sqrt(n + 1));
            }
        }

        return (terms, Math.Max(0, squares - (terms[0] * terms[0])));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
