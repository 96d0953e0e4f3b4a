namespace EdgePrune.Host.Tests;

/// <summary>
/// Which indices of one axis belong to which of another, as connected sets: index i is related to j when a change in slice i
/// is seen in slice j. Useful when there are at least two sets, so that one can go while another stays.
/// </summary>
internal sealed class AxisRelation
{
    private readonly int[] _from;
    private readonly int[] _to;

    private AxisRelation(int[] from, int[] to) => (_from, _to) = (from, to);

    /// <summary>The relation, or null when all indices hang together or none is related.</summary>
    public static AxisRelation? Of(bool[,] related)
    {
        var (rows, columns) = (related.GetLength(0), related.GetLength(1));
        var parent = Enumerable.Range(0, rows + columns).ToArray();
        var met = new bool[rows + columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                if (related[i, j])
                {
                    parent[Root(parent, i)] = Root(parent, rows + j);
                    met[i] = met[rows + j] = true;
                }
            }
        }

        int[] sets = [.. Enumerable.Range(0, rows + columns).Select(i => met[i] ? Root(parent, i) : -1)];
        return sets.Where(s => s >= 0).Distinct().Count() < 2 ? null : new AxisRelation(sets[..rows], sets[rows..]);
    }

    /// <summary>Number of indices of the first axis in the set of one.</summary>
    public int SetSize(int from) => _from.Count(s => s == _from[from]);

    /// <summary>Indices of the first axis in the set of one of them; none when it is not related.</summary>
    public IEnumerable<int> FromOfFrom(int from) => Members(_from, _from[from]);

    /// <summary>Indices of the second axis in the set of one of the first.</summary>
    public IEnumerable<int> ToOfFrom(int from) => Members(_to, _from[from]);

    /// <summary>Indices of the first axis in the set of one of the second.</summary>
    public IEnumerable<int> FromOfTo(int to) => Members(_from, _to[to]);

    private static IEnumerable<int> Members(int[] sets, int set) => set < 0 ? [] : Enumerable.Range(0, sets.Length).Where(i => sets[i] == set);

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i)
        {
            i = parent[i] = parent[parent[i]];
        }

        return i;
    }
}
