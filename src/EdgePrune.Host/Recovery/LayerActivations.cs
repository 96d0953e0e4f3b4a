using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>The values around one layer, batch by batch, of the pruned and the original model.</summary>
internal sealed class LayerActivations
{
    private readonly ContractionRows _rows;
    private readonly float[] _row;

    public LayerActivations(ContractionRows rows, int columns)
    {
        _rows = rows;
        _row = new float[columns];
    }

    /// <summary>Columns of a row: input channels times taps.</summary>
    public int Columns => _row.Length;

    /// <summary>The layer's input in the pruned model.</summary>
    public required Tensor[] Data { get; init; }

    /// <summary>The original's output, at the sum.</summary>
    public required Tensor[] Target { get; init; }

    /// <summary>What the pruned model adds to the output, or null.</summary>
    public Tensor[]? Skip { get; init; }

    /// <summary>Output channels of the original that were kept.</summary>
    public required IReadOnlyList<int> Kept { get; init; }

    public int RowsOf(int batch) => _rows.Count(Target[batch].Dims);

    public void Read(int batch, int row, LayerRows rows, int place)
    {
        _rows.Read(Data[batch], Target[batch].Dims, row, _row);
        for (var column = 0; column < _row.Length; column++)
        {
            rows.Inputs[column][place] = _row[column];
        }

        var (first, step) = _rows.OutputPlace(Target[batch].Dims, row);
        var target = Target[batch].Span<float>();
        for (var i = 0; i < Kept.Count; i++)
        {
            rows.Targets[i][place] = target[first + (Kept[i] * step)];
        }

        if (Skip is not null)
        {
            ReadSkip(Skip[batch], row, (rows.Skips!, place));
        }
    }

    private void ReadSkip(Tensor skip, int row, (float[][] Columns, int Place) to)
    {
        var (first, step) = _rows.OutputPlace(skip.Dims, row);
        var values = skip.Span<float>();
        for (var i = 0; i < Kept.Count; i++)
        {
            to.Columns[i][to.Place] = values[first + (i * step)];
        }
    }
}
