using System.Diagnostics;
using EdgePrune.Contracts;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>Compares our pruning without training with the methods of others: same models, samples and widths.</summary>
internal sealed class RivalsBenchmark(TextWriter output)
{
    public async Task RunAsync(RivalsOptions options)
    {
        var models = new RivalModels(options.TextModel);
        var cache = new CellCache(Path.Combine(RepositoryFiles.Root, "artifacts", "bench"), options.Fresh);
        var page = new RivalsPage();
        page.WriteHead(options.Seeds);
        List<RivalTable> tables = [];
        foreach (var name in options.Models)
        {
            var (model, reason) = models.Open(name);
            if (model is null)
            {
                output.WriteLine($"{name} is left out: {reason}");
                page.WriteSkipped(name, reason);
                continue;
            }

            tables.Add(await Table(model, options, cache));
            page.WriteModel(tables[^1]);
        }

        tables.ForEach(page.WriteFrontier);
        Write(options.Output, page, tables);
    }

    private async Task<RivalTable> Table(RivalModel model, RivalsOptions options, CellCache cache)
    {
        RequireKnownAccuracy(model);
        var scorer = new RivalScorer(model.Model, model.Test);
        var trials = new RivalTrials(model, scorer, cache);
        Dictionary<(RivalMethod, double), IReadOnlyList<RivalCell>> cells = [];
        foreach (var rate in Distinct(options.Rates ?? model.Rates, trials, options.Seeds[0]))
        {
            foreach (var method in RivalMethod.All)
            {
                var start = Stopwatch.GetTimestamp();
                var done = cells[(method, rate)] = await trials.Run(method, rate, options.Seeds);
                output.WriteLine($"{model.Name} {rate} {method.Name}: {new Scores([.. done.Select(c => c.Score.Accuracy)])} ({Stopwatch.GetElapsedTime(start).TotalSeconds:f1} s)");
            }
        }

        return new RivalTable(model, scorer.Original, trials.Before(options.Seeds[0]), cells);
    }

    // In narrow layers two rates may come to the same widths.
    private IEnumerable<double> Distinct(IReadOnlyList<double> rates, RivalTrials trials, int seed)
    {
        HashSet<string> seen = [];
        foreach (var rate in rates)
        {
            if (seen.Add(trials.UniformWidths(rate, seed)))
            {
                yield return rate;
            }
            else
            {
                output.WriteLine($"{rate} gives the widths of a rate before it and is left out");
            }
        }
    }

    // Samples read or normalised wrongly would make every figure worthless.
    private void RequireKnownAccuracy(RivalModel model)
    {
        var accuracy = new RivalScorer(model.Model, model.Known).Original;
        output.WriteLine($"{model.Name}: the original has {accuracy:f2} % on {model.Known.Count} samples; known: {model.KnownAccuracy}");
        if (model.KnownAccuracy is { } known && Math.Abs(accuracy - known) > model.Tolerance)
        {
            throw new InvalidDataException($"'{model.Name}' has {accuracy:f2} % on {model.Known.Count} samples, but {known} % is known. Check model, samples and normalisation.");
        }
    }

    private void Write(string path, RivalsPage page, List<RivalTable> tables)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        WholeFile.Write(path, page.ToString());
        var lines = tables.SelectMany(t => t.Cells.Values.SelectMany(c => c)).Select(c => c.Line).Prepend(RivalCell.Head);
        WholeFile.Write(Path.ChangeExtension(path, ".csv"), string.Join('\n', lines) + "\n");
        foreach (var table in tables)
        {
            WholeFile.Write(Path.Combine(folder, RivalsPage.PlotName(table.Model)), RivalsPlot.Render(table));
        }

        output.WriteLine($"Written to {path}");
    }
}
