using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Makes one layer sparse with compensation: all blocks of its weight, and the biases behind it.</summary>
internal sealed class LayerCompensation(SparsityLayer layer, SparsityPattern pattern)
{
    /// <summary>Columns of one block beyond which a layer is pruned by Wanda: the covariance takes 4 bytes times columns squared, twice.</summary>
    public const int MostColumns = 4608;

    // Of the mean variance, as in the paper.
    private const double Damping = 0.01;

    /// <summary>Sparse weights of the layer.</summary>
    /// <param name="moments">Moments of the inputs of each use as they are now, with products.</param>
    /// <param name="zeros">Number of weights to remove; a pattern N:M has its own.</param>
    /// <returns>The weight as a matrix.</returns>
    public float[] Prune(IReadOnlyList<InputMoments> moments, int zeros)
    {
        var matrix = layer.Read();
        for (var block = 0; block < layer.Blocks; block++)
        {
            var share = (int)(((long)zeros * (block + 1) / layer.Blocks) - ((long)zeros * block / layer.Blocks));
            PruneBlock(matrix, block, Covariance(moments, block), share);
        }

        return matrix;
    }

    /// <summary>Adds to the biases what the mean of the outputs lost.</summary>
    /// <param name="editor">Changes the graph.</param>
    /// <param name="before">The weight before.</param>
    /// <param name="after">The weight after.</param>
    /// <param name="means">For each use, means of a block's columns in the original model and now.</param>
    public void FoldBias(GraphEditor editor, float[] before, float[] after, IReadOnlyList<(InputMoments Original, InputMoments Now)> means)
    {
        foreach (var (use, (original, now)) in layer.Uses.Zip(means).Where(u => u.First.Contraction.IsAffine))
        {
            var delta = new double[layer.Rows];
            for (var at = 0; at < before.Length; at++)
            {
                var (row, column) = Math.DivRem(at, layer.Columns);
                var block = layer.BlockOf(row);
                delta[row] += (before[at] * original.Mean(block, column)) - (after[at] * now.Mean(block, column));
            }

            BiasFold.Add(editor, use.Node, use.Contraction, delta);
        }
    }

    private void PruneBlock(float[] matrix, int block, double[][] h, int zeros)
    {
        var factor = SquareMatrix.InverseFactor(h) ?? throw NotFinite();
        var first = block * layer.RowsOfBlock;
        double[][] rows = [.. Enumerable.Range(first, layer.RowsOfBlock).Select(r => Array.ConvertAll(matrix[(r * layer.Columns)..((r + 1) * layer.Columns)], w => (double)w))];
        var removed = new CompensatedPruning(layer, pattern).Prune(rows, h, factor, zeros);
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < layer.Columns; column++)
            {
                matrix[((first + row) * layer.Columns) + column] = removed[row][column] ? 0 : (float)rows[row][column];
            }
        }
    }

    private ModelException NotFinite() => new(ErrorCode.ModelRejected,
        $"What reaches node {layer.Uses[0].Node} is not finite on these samples, so its weights cannot be compensated. Check the model and the preprocessing with 'edgeprune evaluate'.");

    private double[][] Covariance(IReadOnlyList<InputMoments> moments, int block)
    {
        var h = SquareMatrix.Lower(layer.Columns);
        foreach (var moment in moments)
        {
            moment.AddCovariance(block, h);
        }

        var mean = h.Select((row, i) => row[i]).Average();
        var damping = mean > 0 ? Damping * mean : 1;
        for (var i = 0; i < h.Length; i++)
        {
            h[i][i] += damping;
        }

        return h;
    }
}
