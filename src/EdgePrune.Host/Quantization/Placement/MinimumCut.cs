namespace EdgePrune.Host;

/// <summary>
/// Cuts a network in two with the least capacity from the source's side to the sink's: Dinic's algorithm (1970) for the largest flow,
/// which is the capacity of the least cut.
/// </summary>
/// <remarks>Many labels of two kinds with costs at unequal neighbours are such a cut: Greig, Porteous and Seheult (1989).</remarks>
internal sealed class MinimumCut
{
    /// <summary>The number of the source.</summary>
    public const int Source = 0;

    /// <summary>The number of the sink.</summary>
    public const int Sink = 1;

    // What rounding leaves of a saturated edge, as a share of the largest capacity.
    private const double Tiny = 1e-12;

    private readonly List<List<int>> _edges = [[], []];
    private readonly List<int> _ends = [];
    private readonly List<double> _left = [];
    private int[] _levels = [];
    private int[] _next = [];
    private double _least;

    /// <summary>Adds a node.</summary>
    /// <returns>Its number.</returns>
    public int AddNode()
    {
        _edges.Add([]);
        return _edges.Count - 1;
    }

    /// <summary>Adds an edge; it is cut, and paid for, when its start is on the source's side and its end on the sink's.</summary>
    /// <param name="start">Where it starts.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="capacity">What cutting it costs; infinite where it must not be cut.</param>
    public void AddEdge(int start, int end, double capacity)
    {
        _edges[start].Add(_ends.Count);
        _ends.Add(end);
        _left.Add(capacity);
        _edges[end].Add(_ends.Count);
        _ends.Add(start);
        _left.Add(0);
    }

    /// <summary>Finds the least cut; of several that are as cheap, the one with the fewest nodes on the source's side.</summary>
    /// <returns>For each node whether it is on the source's side.</returns>
    public bool[] Solve()
    {
        _least = Tiny * _left.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        while (Reach())
        {
            _next = new int[_edges.Count];
            while (Push() > 0)
            {
            }
        }

        return [.. _levels.Select(l => l >= 0)];
    }

    /// <summary>Numbers the nodes by their distance from the source over edges with something left.</summary>
    private bool Reach()
    {
        _levels = new int[_edges.Count];
        Array.Fill(_levels, -1);
        _levels[Source] = 0;
        var queue = new Queue<int>([Source]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var edge in _edges[node].Where(e => _left[e] > _least && _levels[_ends[e]] < 0))
            {
                _levels[_ends[edge]] = _levels[node] + 1;
                queue.Enqueue(_ends[edge]);
            }
        }

        return _levels[Sink] >= 0;
    }

    /// <summary>Sends as much as one path takes from the source to the sink; the path is a list, as graphs may be deeper than the stack.</summary>
    private double Push()
    {
        List<int> path = [];
        var node = Source;
        while (node != Sink)
        {
            if (Step(node) is { } edge)
            {
                path.Add(edge);
                node = _ends[edge];
            }
            else if (path.Count == 0)
            {
                return 0;
            }
            else
            {
                // Nothing leads on from here: go back, and do not come again.
                node = _ends[path[^1] ^ 1];
                _next[node]++;
                path.RemoveAt(path.Count - 1);
            }
        }

        var flow = path.Min(e => _left[e]);
        foreach (var edge in path)
        {
            _left[edge] -= flow;
            _left[edge ^ 1] += flow;
        }

        return flow;
    }

    private int? Step(int node)
    {
        for (; _next[node] < _edges[node].Count; _next[node]++)
        {
            var edge = _edges[node][_next[node]];
            if (_left[edge] > _least && _levels[_ends[edge]] == _levels[node] + 1)
            {
                return edge;
            }
        }

        return null;
    }
}
