using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// One constant weight as a matrix, with every place where it is used: a row for each output channel, a column for each tap
/// and input channel of the row's block, channels of one tap next to each other.
/// </summary>
/// <remarks>
/// Worked example: a convolution with weight [8, 4, 3, 3] has 8 rows of 36 columns; tap t and channel c are column 4 t + c,
/// so that groups of N:M run along the input channels of one tap. A depthwise one has one block for each channel.
/// </remarks>
internal sealed class SparsityLayer
{
    private readonly WeightView _view;
    private readonly int _channels;

    public SparsityLayer(Value weight, IReadOnlyList<WeightUse> uses)
    {
        (Weight, Uses) = (weight, uses);
        _view = WeightView.Of(uses[0].Contraction);
        _channels = _view.Inputs / _view.Blocks;
    }

    public Value Weight { get; }

    public IReadOnlyList<WeightUse> Uses { get; }

    public int Blocks => _view.Blocks;

    public int Rows => _view.Outputs;

    public int RowsOfBlock => _view.Outputs / _view.Blocks;

    /// <summary>Columns of one row.</summary>
    public int Columns => _channels * _view.Taps;

    public int Count => Rows * Columns;

    /// <summary>Input channels of one block: the length along which groups of N:M are cut.</summary>
    public int Channels => _channels;

    /// <summary>Whether the inputs of all uses can be read as rows.</summary>
    public bool HasRows => Uses.All(u => u.Rows is not null);

    public int BlockOf(int row) => row / RowsOfBlock;

    /// <summary>Column of <see cref="ContractionRows"/> that a block's column multiplies.</summary>
    public int RowsColumn(int block, int column)
    {
        var (tap, channel) = Math.DivRem(column, _channels);
        return (((block * _channels) + channel) * _view.Taps) + tap;
    }

    /// <summary>The weight as a matrix, row by row.</summary>
    public float[] Read()
    {
        var values = Weight.Constant!.ToFloats();
        var matrix = new float[Count];
        ForEach((at, place) => matrix[at] = values[place]);
        return matrix;
    }

    /// <summary>The weight's tensor with the matrix's numbers, rounded to its type.</summary>
    public Tensor Written(float[] matrix) => Weight.Constant!.WithFloats(Laid(matrix));

    /// <summary>The matrix's numbers where the weight's tensor has them.</summary>
    public T[] Laid<T>(T[] matrix)
    {
        var values = new T[matrix.Length];
        ForEach((at, place) => values[place] = matrix[at]);
        return values;
    }

    private void ForEach(Action<int, int> visit)
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var (tap, channel) = Math.DivRem(column, _channels);
                visit((row * Columns) + column, _view.Index(row, (BlockOf(row) * _channels) + channel, tap));
            }
        }
    }
}

/// <summary>One place where a weight is used.</summary>
/// <param name="Contraction">The contraction; a depthwise convolution is one of as many blocks as channels.</param>
/// <param name="DataSlot">The node's input slot of the data: what stands there may change while biases are added.</param>
/// <param name="Rows">Its input as rows, or null.</param>
internal sealed record WeightUse(Contraction Contraction, int DataSlot, ContractionRows? Rows)
{
    public Node Node => Contraction.Node;

    /// <summary>The data now.</summary>
    public Value Data => Node.Input(DataSlot)!;
}
