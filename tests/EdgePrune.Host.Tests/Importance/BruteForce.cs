using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>The error of a consumer's output after the best repair, from the definition: one least-squares fit for each output and tap.</summary>
internal static class BruteForce
{
    public static double Loss(PruningGroup group, Contraction consumer, ChannelStatistics statistics, int[] removed)
    {
        var covariance = statistics.Covariance();
        var members = statistics.Members;
        var axis = group.Axes.Index().First(a => a.Item == consumer.Data).Index;
        var gone = removed.Select(c => members.Index().First(m => m.Item.Contains(group.Channels[c].Slices[axis][0])).Index).ToHashSet();
        var view = WeightView.Of(consumer);
        var (loss, energy) = (0.0, 0.0);
        for (var block = 0; block < view.Blocks; block++)
        {
            int[] all = [.. Enumerable.Range(0, members.Count).Where(m => view.BlockOfInput(members[m][0]) == block)];
            var ridge = 1e-3 * all.Average(i => covariance[i, i]);
            foreach (var row in Rows(consumer, view, members, all, block))
            {
                energy += Form(row, row, all, all, (i, j) => covariance[i, j]);
                loss += Residual(row, all, gone, (i, j) => covariance[i, j] + (i == j ? ridge : 0));
            }
        }

        return loss / energy;
    }

    // w_P' (H_PP - H_PS H_SS^-1 H_SP) w_P for one row of weights.
    private static double Residual(Dictionary<int, double> row, int[] all, HashSet<int> gone, Func<int, int, double> h)
    {
        int[] dead = [.. all.Where(gone.Contains)];
        int[] kept = [.. all.Where(i => !gone.Contains(i))];
        var direct = Form(row, row, dead, dead, h);
        if (kept.Length == 0 || dead.Length == 0)
        {
            return direct;
        }

        var target = Array.ConvertAll(kept, s => dead.Sum(p => h(s, p) * row[p]));
        double[][] solution = [[.. target]];
        Assert.True(Cholesky.TrySolve(Array.ConvertAll(kept, i => Array.ConvertAll(kept, j => h(i, j))), solution));
        return direct - target.Zip(solution[0], (t, x) => t * x).Sum();
    }

    private static double Form(Dictionary<int, double> a, Dictionary<int, double> b, int[] rows, int[] columns, Func<int, int, double> h) =>
        rows.Sum(i => columns.Sum(j => a[i] * h(i, j) * b[j]));

    private static IEnumerable<Dictionary<int, double>> Rows(Contraction consumer, WeightView view, IReadOnlyList<IReadOnlyList<int>> members, int[] all, int block)
    {
        var values = consumer.Weight.Value.Constant!.ToFloats();
        var outputs = view.Outputs / view.Blocks;
        return from output in Enumerable.Range(block * outputs, outputs)
               from tap in Enumerable.Range(0, view.Taps)
               from position in Enumerable.Range(0, members[0].Count)
               select all.ToDictionary(m => m, m => (double)values[view.Index(output, members[m][position], tap)]);
    }
}
