namespace EdgePrune.Host;

/// <summary>A symmetric matrix: its lower triangle, row after row, so that row i is i + 1 numbers that lie side by side.</summary>
internal sealed class SymmetricMatrix(int size)
{
    private readonly double[] _values = new double[(long)size * (size + 1) / 2];

    public int Size => size;

    public double this[int row, int column]
    {
        get => _values[Place(row, column)];
        set => _values[Place(row, column)] = value;
    }

    public static SymmetricMatrix Of(int size, Func<int, int, double> value)
    {
        var matrix = new SymmetricMatrix(size);
        for (var i = 0; i < size; i++)
        {
            var row = matrix.Row(i);
            for (var j = 0; j <= i; j++)
            {
                row[j] = value(i, j);
            }
        }

        return matrix;
    }

    /// <summary>Entries (row, 0) to (row, row).</summary>
    public Span<double> Row(int row) => _values.AsSpan(Place(row, 0), row + 1);

    /// <summary>Exchanges a row with a later one, and the columns of the same numbers, within the first rows and columns.</summary>
    public void Swap(int low, int high, int within)
    {
        if (low == high)
        {
            return;
        }

        for (var i = 0; i < within; i++)
        {
            if (i != low && i != high)
            {
                (this[i, low], this[i, high]) = (this[i, high], this[i, low]);
            }
        }

        (this[low, low], this[high, high]) = (this[high, high], this[low, low]);
    }

    /// <summary>Sum of the products of equal entries.</summary>
    public double Dot(SymmetricMatrix other)
    {
        var sum = 2 * System.Numerics.Tensors.TensorPrimitives.Dot<double>(_values, other._values);
        for (var i = 0; i < Size; i++)
        {
            sum -= this[i, i] * other[i, i];
        }

        return sum;
    }

    /// <summary>Adds a multiple of another matrix.</summary>
    public void Add(SymmetricMatrix other, double factor) =>
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<double>(other._values, factor, _values, _values);

    private static int Place(int row, int column) => row >= column
        ? (int)((long)row * (row + 1) / 2) + column
        : (int)((long)column * (column + 1) / 2) + row;
}
