using System.Globalization;
using System.Text;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>What training brings after the repair; a page for each model, written anew after every row.</summary>
internal sealed class TrainingBenchmark(TextWriter output)
{
    /// <summary>Runs the rows of one model.</summary>
    /// <param name="name">One of <see cref="RivalModels.Names"/>.</param>
    /// <param name="seeds">Seeds that draw the samples of the repair and the order of training.</param>
    /// <returns>Whether the model could be had.</returns>
    public bool Run(string name, IReadOnlyList<int> seeds)
    {
        var (model, reason) = new RivalModels(textModel: null).Open(name);
        if (model is null)
        {
            output.WriteLine(reason);
            return false;
        }

        var trials = new TrainedTrials(model);
        var page = Head(model, name, seeds, trials.ScoreOriginal());
        var path = Path.Combine(RepositoryFiles.Root, "bench", "results", $"training-{name}.md");
        foreach (var row in TrainedRows.Of(name))
        {
            var line = Line(row, [.. seeds.Select(s => trials.Try(row, s))]);
            output.WriteLine(line);
            page.AppendLine(line);
            WholeFile.Write(path, page.ToString());
        }

        output.WriteLine($"Written to {path}");
        return true;
    }

    private static StringBuilder Head(RivalModel model, string name, IReadOnlyList<int> seeds, double original)
    {
        var page = new StringBuilder();
        page.AppendLine($"# Training after the repair: {model.Title}").AppendLine();
        page.AppendLine(string.Create(CultureInfo.InvariantCulture, $"Top-1 in percent on {model.Test.Count:n0} test samples; the original has {original:f2}. {model.Origin}."));
        page.AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"Pruned by `obs` and repaired on {model.Draw} unlabelled samples, then trained on all {model.Pool.Count:n0} of the training part, one thread. 'Distilled' learns from the original's answers alone and sees no label, unless labels are said to have a share of the loss. Learning rates are the defaults, which rise as models become narrower."));
        page.AppendLine($"Mean ± standard deviation over the seeds {string.Join(", ", seeds)}, which draw the samples of the repair and the order of training. Time is of one draw, pruning and repair included, on a shared machine.").AppendLine();
        page.AppendLine(MachineFacts.Describe()).AppendLine();
        page.AppendLine($"    dotnet run -c Release --project bench/EdgePrune.Bench -- training {name}").AppendLine();
        string[] heads = ["row", "recipe", "parameters", "MACs", "repaired", "trained", "goal", "others", "int8", "int8 bytes", "seconds"];
        page.AppendLine($"| {string.Join(" | ", heads)} |").AppendLine($"|{string.Concat(heads.Select(_ => " --- |"))}");
        return page;
    }

    private static string Line(TrainedRow row, IReadOnlyList<TrainedDraw> draws)
    {
        var int8 = draws.Where(d => d.Int8 is not null).Select(d => d.Int8!.Value).ToList();
        string[] cells =
        [
            row.Name, Words(row), Number(draws.Average(d => d.Parameters)), Number(draws.Average(d => d.Macs)),
            new Scores([.. draws.Select(d => d.Repaired)]).ToString(), $"**{new Scores([.. draws.Select(d => d.Trained)])}**",
            row.Goal?.ToString("f2", CultureInfo.InvariantCulture) ?? "", row.Others,
            int8.Count == 0 ? "" : new Scores([.. int8.Select(i => i.Score)]).ToString(), int8.Count == 0 ? "" : Number(int8.Max(i => i.Bytes)),
            Number(draws.Average(d => d.Time.TotalSeconds)),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static string Words(TrainedRow row)
    {
        var (training, distillation) = (row.Recipe.Training, row.Recipe.Distillation);
        string[] words =
        [
            distillation switch { null => "labels", { LabelWeight: 0 } => "distilled", var d => string.Create(CultureInfo.InvariantCulture, $"distilled, labels {d.LabelWeight:0.##}") },
            training.LearningRate is { } rate ? rate.ToString("0.####", CultureInfo.InvariantCulture) : "",
            training.BatchSize == new TrainingOptions().BatchSize ? "" : $"batch {training.BatchSize}",
            training.Augmentation.Shift > 0 ? $"shift {training.Augmentation.Shift}" : "",
            training.Augmentation.Flip ? "flip" : "",
        ];
        return string.Join(", ", words.Where(w => w.Length > 0));
    }

    private static string Number(double value) => value.ToString("n0", CultureInfo.InvariantCulture);
}
