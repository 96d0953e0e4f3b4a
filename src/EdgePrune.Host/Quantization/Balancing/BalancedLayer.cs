using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>A layer with a weight: rows are divided as the channels that they make, columns multiplied as those that they read are divided.</summary>
internal sealed class BalancedLayer(SparsityLayer layer, ChannelTies ties) : IBalanced
{
    private readonly Contraction _contraction = layer.Uses[0].Contraction;

    public IReadOnlyList<int?> Made => ties.ChannelsOf(_contraction.Output);

    public IEnumerable<(int? Channel, double Share)> Read()
    {
        var (matrix, read) = (layer.Read(), Columns());
        for (var row = 0; row < layer.Rows; row++)
        {
            var most = Math.Abs(TensorPrimitives.MaxMagnitude<float>(matrix.AsSpan(row * layer.Columns, layer.Columns)));
            for (var column = 0; column < layer.Columns && most > 0; column++)
            {
                yield return (read[layer.BlockOf(row)][column], Math.Abs(matrix[(row * layer.Columns) + column]) / most);
            }
        }
    }

    public void Scale(GraphEditor editor, Func<int?, double> divisorOf)
    {
        var matrix = layer.Read();
        double[] rows = [.. Made.Select(divisorOf)];
        double[][] columns = [.. Columns().Select(b => Array.ConvertAll(b, c => divisorOf(c)))];
        if (rows.Concat(columns.SelectMany(c => c)).All(d => d == 1))
        {
            return;
        }

        for (var at = 0; at < matrix.Length; at++)
        {
            var (row, column) = Math.DivRem(at, layer.Columns);
            matrix[at] = (float)(matrix[at] * columns[layer.BlockOf(row)][column] / rows[row]);
        }

        var node = _contraction.Node;
        editor.SetInitializer(layer.Weight, layer.Written(matrix));
        if (_contraction.BiasInput >= 0 && node.Input(_contraction.BiasInput) is { } bias && rows.Any(r => r != 1))
        {
            BalancedConstants.Set(editor, node, _contraction.BiasInput, bias.Constant!.WithFloats([.. bias.Constant.ToFloats().Select((b, i) => (float)(b / rows[i]))]));
        }
    }

    /// <summary>The channels that the columns of each block read.</summary>
    private int?[][] Columns()
    {
        var data = ties.ChannelsOf(_contraction.Data with { Value = layer.Uses[0].Data });
        return [.. Enumerable.Range(0, layer.Blocks).Select(b => Enumerable.Range(0, layer.Columns).Select(c => data[(b * layer.Channels) + (c % layer.Channels)]).ToArray())];
    }
}
