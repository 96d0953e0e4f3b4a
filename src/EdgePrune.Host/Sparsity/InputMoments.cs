using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Means, squares and, on request, products of the columns that one use of a weight multiplies, streamed with double
/// accumulation: memory is columns squared for each block, whatever the number of samples.
/// </summary>
internal sealed class InputMoments
{
    private const int Buffered = 128;

    // Spreads the positions that are read evenly, and others in each sample.
    private const double GoldenRatio = 0.6180339887498949;

    private readonly SparsityLayer _layer;
    private readonly MomentsRequest _request;
    private readonly ContractionRows _rows;
    private readonly int[] _places;
    private readonly float[] _columns;
    private readonly double[] _sums;
    private readonly double[] _squares;
    private readonly double[]?[] _products;
    private readonly double[][]? _buffer;
    private int _waiting;
    private long _sample;

    /// <param name="layer">The layer.</param>
    /// <param name="use">The use of its weight.</param>
    /// <param name="request">What is gathered.</param>
    public InputMoments(SparsityLayer layer, WeightUse use, MomentsRequest request)
    {
        (_layer, _rows, _request) = (layer, use.Rows!, request);
        var columns = layer.Blocks * layer.Columns;
        _places = [.. Enumerable.Range(0, columns).Select(i => layer.RowsColumn(i / layer.Columns, i % layer.Columns))];
        _columns = new float[_rows.Columns];
        _sums = new double[columns];
        _squares = new double[columns];
        _products = new double[columns][];
        if (request.Segment > 0)
        {
            // One row of a segment's lower triangle for each column.
            for (var i = 0; i < columns; i++)
            {
                _products[i] = new double[(i % layer.Columns % request.Segment) + 1];
            }

            _buffer = [.. Enumerable.Range(0, columns).Select(_ => new double[Buffered])];
        }
    }

    /// <summary>Number of rows that were seen.</summary>
    public long Count { get; private set; }

    public double Mean(int block, int column) => _sums[(block * _layer.Columns) + column] / Count;

    /// <summary>Mean square.</summary>
    public double Square(int block, int column) => _squares[(block * _layer.Columns) + column] / Count;

    /// <summary>Adds one batch.</summary>
    /// <param name="data">The data.</param>
    /// <param name="output">Shape of the output.</param>
    /// <param name="batch">Number of samples in it.</param>
    public void Add(Tensor data, ReadOnlySpan<long> output, int batch)
    {
        var floats = data.ElementType == ElementType.Float32 ? data : Tensor.Of(data.Dims, data.ToFloats());
        var rows = _rows.Count(output);
        var perSample = rows % batch == 0 ? rows / batch : rows;
        for (var first = 0; first < rows; first += perSample, _sample++)
        {
            var read = Math.Min(perSample, _request.RowsOfSample);
            for (var i = 0; i < read; i++)
            {
                var at = read == perSample ? i : (int)(Fraction(((_sample * read) + i) * GoldenRatio) * perSample);
                _rows.Read(floats, output, first + at, _columns);
                Take();
            }
        }
    }

    /// <summary>Adds the covariance of a block's columns, from the first of a segment on, to the lower triangle of a matrix.</summary>
    public void AddCovariance(int block, double[][] matrix, int first = 0)
    {
        Flush();
        for (var i = 0; i < matrix.Length; i++)
        {
            var products = _products[(block * _layer.Columns) + first + i]!;
            for (var j = 0; j <= i; j++)
            {
                matrix[i][j] += (products[j] / Count) - (Mean(block, first + i) * Mean(block, first + j));
            }
        }
    }

    private static double Fraction(double value) => value - Math.Floor(value);

    private void Take()
    {
        for (var i = 0; i < _places.Length; i++)
        {
            double value = _columns[_places[i]];
            _sums[i] += value;
            _squares[i] += value * value;
            if (_buffer is not null)
            {
                _buffer[i][_waiting] = value;
            }
        }

        Count++;
        if (_buffer is not null && ++_waiting == Buffered)
        {
            Flush();
        }
    }

    private void Flush()
    {
        var waiting = _waiting;
        _waiting = 0;
        if (waiting == 0)
        {
            return;
        }

        Parallel.For(0, _products.Length, i =>
        {
            var row = _buffer![i].AsSpan(0, waiting);
            var products = _products[i]!;
            var first = i + 1 - products.Length;
            for (var j = 0; j < products.Length; j++)
            {
                products[j] += TensorPrimitives.Dot<double>(row, _buffer[first + j].AsSpan(0, waiting));
            }
        });
    }
}
