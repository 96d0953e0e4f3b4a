using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Fits the kept weights of rows to the original rows: minimises (w - v)^T H (w - v) over the weights that the mask keeps,
/// by conjugate gradients scaled with the diagonal of H. The error never grows.
/// </summary>
internal sealed class MaskedLeastSquares(double[][] h)
{
    private const int MostSteps = 25;
    private const double Enough = 1e-8;

    // Rows that are fitted together read each row of H once.
    private const int Together = 8;

    private readonly double[] _diagonal = [.. h.Select((row, i) => row[i])];

    /// <summary>Improves rows in place; removed weights stay 0.</summary>
    public void Fit(double[][] originals, double[][] rows, bool[][] removed) =>
        Parallel.ForEach(Enumerable.Range(0, rows.Length).Chunk(Together), chunk => Fit([.. chunk.Select(r => new Search(rows[r], originals[r], removed[r]))]));

    private void Fit(Search[] searches)
    {
        Multiply(searches, whole: true);
        Array.ForEach(searches, s => s.Begin(_diagonal));
        for (var step = 0; step < MostSteps && (searches = Array.FindAll(searches, s => s.Energy > s.First * Enough)).Length > 0; step++)
        {
            Multiply(searches, whole: false);
            Array.ForEach(searches, s => s.Step(_diagonal));
        }
    }

    // H times each direction, at the kept weights. Once a search goes on, its direction is 0 at the removed ones.
    private void Multiply(Search[] searches, bool whole)
    {
        Array.ForEach(searches, s => Array.Clear(s.Product));
        for (var i = 0; i < h.Length; i++)
        {
            foreach (var search in searches)
            {
                if (whole || !search.Removed[i])
                {
                    var head = search.Product.AsSpan(0, i);
                    TensorPrimitives.MultiplyAdd<double>(h[i].AsSpan(0, i), search.Direction[i], head, head);
                    search.Product[i] += TensorPrimitives.Dot<double>(h[i], search.Direction.AsSpan(0, i + 1));
                }
            }
        }
    }

    /// <summary>The state of one row's fit.</summary>
    private sealed class Search
    {
        private readonly double[] _row;
        private readonly double[] _residual;
        private readonly double[] _scaled;

        public Search(double[] row, double[] original, bool[] removed)
        {
            (_row, Removed) = (row, removed);
            (_residual, _scaled, Product, Direction) = (new double[row.Length], new double[row.Length], new double[row.Length], new double[row.Length]);
            TensorPrimitives.Subtract<double>(original, row, Direction);
        }

        public bool[] Removed { get; }

        public double[] Direction { get; }

        public double[] Product { get; }

        public double Energy { get; private set; }

        public double First { get; private set; }

        public void Begin(double[] diagonal)
        {
            Product.CopyTo(_residual, 0);
            Energy = First = Precondition(diagonal);
            _scaled.CopyTo(Direction, 0);
        }

        public void Step(double[] diagonal)
        {
            var length = Energy / TensorPrimitives.Dot<double>(Direction, Product);
            TensorPrimitives.MultiplyAdd<double>(Direction, length, _row, _row);
            TensorPrimitives.MultiplyAdd<double>(Product, -length, _residual, _residual);
            var next = Precondition(diagonal);
            TensorPrimitives.MultiplyAdd<double>(Direction, next / Energy, _scaled, Direction);
            Energy = next;
        }

        private double Precondition(double[] diagonal)
        {
            for (var i = 0; i < _residual.Length; i++)
            {
                _residual[i] = Removed[i] ? 0 : _residual[i];
                _scaled[i] = _residual[i] / diagonal[i];
            }

            return TensorPrimitives.Dot<double>(_residual, _scaled);
        }
    }
}
