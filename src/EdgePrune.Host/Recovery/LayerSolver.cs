using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Least squares for one layer, shrunk towards given weights W0: minimises ||Z - W X||^2 / rows + lambda ||W - W0||^2 with
/// a free intercept, block by block.
/// </summary>
/// <remarks>
/// With centred X and E = Z - W0 X the change is E X^T (X X^T + lambda)^-1, or where there are fewer rows than unknowns the
/// same as E (X^T X + lambda)^-1 X^T: the smaller of the two systems is solved.
/// </remarks>
internal sealed class LayerSolver
{
    private readonly LayerRows _rows;
    private readonly int _blocks;
    private readonly double[] _means;
    private readonly double[][][] _grams;
    private readonly bool _isDual;
    private (double Ridge, double[][][] Factors) _factors;

    /// <param name="rows">The rows to fit on; their inputs are centred in place.</param>
    /// <param name="blocks">Number of blocks.</param>
    public LayerSolver(LayerRows rows, int blocks)
    {
        _rows = rows;
        _blocks = blocks;
        _means = Array.ConvertAll(rows.Inputs, column => Centre(column.AsSpan(0, rows.Count)));
        _isDual = Width > rows.Count;
        _grams = [.. Enumerable.Range(0, blocks).Select(Gram)];
    }

    private int Width => _rows.Inputs.Length / _blocks;

    /// <summary>Fits targets.</summary>
    /// <param name="start">What the weights are shrunk towards.</param>
    /// <param name="targets">What the layer itself should give; one column for each output.</param>
    /// <param name="ridge">Lambda as a multiple of the inputs' mean variance.</param>
    /// <returns>The weights; null when the system cannot be solved.</returns>
    public LayerWeights? Solve(LayerWeights start, float[][] targets, double ridge)
    {
        if (Factors(ridge) is not { } factors)
        {
            return null;
        }

        List<double[]> rows = [];
        var outputs = start.Rows.Length / _blocks;
        for (var block = 0; block < _blocks; block++)
        {
            var own = (block * outputs)..((block + 1) * outputs);
            rows.AddRange(SolveBlock(factors[block], block, start.Rows[own], targets[own]));
        }

        return new LayerWeights([.. rows], [.. rows.Select((row, output) => Intercept(row, targets[output], output / outputs))]);
    }

    /// <summary>What weights give at the sum, for the rows that are fitted.</summary>
    public float[][] Predict(LayerWeights weights)
    {
        var outputs = weights.Rows.Length / _blocks;
        double[] shifted = [.. weights.Intercepts.Select((intercept, output) => intercept + Dot(weights.Rows[output], output / outputs))];
        return LayerJudge.Predict(_rows, weights with { Intercepts = shifted }, _blocks);
    }

    private static double Centre(Span<float> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        var mean = sum / column.Length;
        TensorPrimitives.Subtract(column, (float)mean, column);
        return mean;
    }

    private double[][] Gram(int block)
    {
        var inputs = Block(block);
        var gram = _isDual ? Inner(Transposed(inputs.Span)) : Inner(inputs);
        foreach (var row in gram)
        {
            TensorPrimitives.Divide<double>(row, _rows.Count, row);
        }

        return gram;
    }

    private static double[][] Inner(ReadOnlyMemory<float[]> columns) => MatrixProduct.Inner(columns, columns);

    private float[][] Transposed(ReadOnlySpan<float[]> columns)
    {
        var rows = new float[_rows.Count][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = new float[MatrixProduct.Padded(columns.Length)];
            for (var column = 0; column < columns.Length; column++)
            {
                rows[row][column] = columns[column][row];
            }
        }

        return rows;
    }

    private double[][][]? Factors(double ridge)
    {
        if (_factors.Factors is null || _factors.Ridge != ridge)
        {
            var factors = Array.ConvertAll(_grams, gram => Regularised(gram, ridge));
            if (!factors.All(Cholesky.TryFactor))
            {
                return null;
            }

            _factors = (ridge, factors);
        }

        return _factors.Factors;
    }

    private double[][] Regularised(double[][] gram, double ridge)
    {
        var trace = 0.0;
        for (var i = 0; i < gram.Length; i++)
        {
            trace += gram[i][i];
        }

        var system = Array.ConvertAll(gram, row => row.ToArray());
        for (var i = 0; i < gram.Length; i++)
        {
            system[i][i] += Math.Max(ridge * trace / Width, 1e-30);
        }

        return system;
    }

    private double[][] SolveBlock(double[][] factor, int block, double[][] start, float[][] targets)
    {
        var errors = MatrixProduct.Combine(start, Block(block));
        for (var output = 0; output < errors.Length; output++)
        {
            TensorPrimitives.Subtract<float>(targets[output], errors[output], errors[output]);
            errors[output].AsSpan(_rows.Count).Clear();
            Centre(errors[output].AsSpan(0, _rows.Count));
        }

        var changes = _isDual ? DualChange(factor, block, errors) : MatrixProduct.Inner(errors, Block(block));
        Parallel.For(0, start.Length, output =>
        {
            TensorPrimitives.Divide<double>(changes[output], _rows.Count, changes[output]);
            if (!_isDual)
            {
                Cholesky.Substitute(factor, changes[output]);
            }

            TensorPrimitives.Add<double>(changes[output], start[output], changes[output]);
        });
        return changes;
    }

    private double[][] DualChange(double[][] factor, int block, float[][] errors)
    {
        var shares = Array.ConvertAll(errors, column =>
        {
            var share = Array.ConvertAll(column[.._rows.Count], v => (double)v);
            Cholesky.Substitute(factor, share);
            var padded = new float[column.Length];
            TensorPrimitives.ConvertTruncating<double, float>(share, padded);
            return padded;
        });
        return MatrixProduct.Inner(shares, Block(block));
    }

    private double Intercept(double[] row, float[] target, int block)
    {
        var sum = 0.0;
        for (var i = 0; i < _rows.Count; i++)
        {
            sum += target[i];
        }

        return (sum / _rows.Count) - Dot(row, block);
    }

    private double Dot(double[] row, int block) => TensorPrimitives.Dot<double>(row, _means.AsSpan(block * Width, Width));

    private ReadOnlyMemory<float[]> Block(int block) => _rows.Inputs.AsMemory(block * Width, Width);
}
