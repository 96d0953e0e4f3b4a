using EdgePrune.Host;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Bench;

/// <summary>
/// Plain linear regression with an intercept, nothing shrunk: of all best fits the one of the least norm, which is what
/// numerical libraries give when there are fewer rows than unknowns.
/// </summary>
internal static class LeastSquares
{
    // Only so much that rounding does not make a singular system look solvable.
    private const double Jitter = 1e-9;

    /// <summary>Fits coefficients; columns are centred in place.</summary>
    /// <param name="columns">The regressors, one array of observations each.</param>
    /// <param name="targets">What is to be predicted, one array each.</param>
    /// <returns>For each target its coefficients and its intercept.</returns>
    public static (double[] Coefficients, double Intercept)[] Fit(double[][] columns, double[][] targets)
    {
        var means = Array.ConvertAll(columns, Centre);
        var offsets = Array.ConvertAll(targets, Centre);
        var coefficients = columns.Length <= targets[0].Length ? ByColumns(columns, targets) : ByRows(columns, targets);
        return [.. coefficients.Select((c, t) => (c, offsets[t] - TensorPrimitives.Dot<double>(c, means)))];
    }

    private static double Centre(double[] values)
    {
        var mean = values.Average();
        TensorPrimitives.Subtract(values, mean, values);
        return mean;
    }

    private static double[][] ByColumns(double[][] columns, double[][] targets) =>
        Solve(columns, Array.ConvertAll(targets, t => Array.ConvertAll(columns, c => TensorPrimitives.Dot<double>(c, t))));

    // With fewer rows than unknowns: the coefficients of least norm are a combination of the rows.
    private static double[][] ByRows(double[][] columns, double[][] targets)
    {
        var rows = Enumerable.Range(0, targets[0].Length).Select(r => Array.ConvertAll(columns, c => c[r])).ToArray();
        var shares = Solve(rows, Array.ConvertAll(targets, t => t.ToArray()));
        return Array.ConvertAll(shares, s => Array.ConvertAll(columns, c => TensorPrimitives.Dot<double>(c, s)));
    }

    private static double[][] Solve(double[][] vectors, double[][] rightSides)
    {
        var products = Products(vectors);
        var mean = Enumerable.Range(0, vectors.Length).Average(i => products[i][i]);
        for (var jitter = Jitter; mean > 0; jitter *= 10)
        {
            var system = Array.ConvertAll(products, row => row.ToArray());
            for (var i = 0; i < system.Length; i++)
            {
                system[i][i] += jitter * mean;
            }

            var solution = Array.ConvertAll(rightSides, r => r.ToArray());
            if (Cholesky.TrySolve(system, solution))
            {
                return solution;
            }
        }

        // All regressors are constant: the intercept says it all.
        return Array.ConvertAll(rightSides, r => new double[r.Length]);
    }

    private static double[][] Products(double[][] vectors)
    {
        var products = Array.ConvertAll(vectors, _ => new double[vectors.Length]);
        for (var i = 0; i < vectors.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                products[i][j] = products[j][i] = TensorPrimitives.Dot<double>(vectors[i], vectors[j]);
            }
        }

        return products;
    }
}
