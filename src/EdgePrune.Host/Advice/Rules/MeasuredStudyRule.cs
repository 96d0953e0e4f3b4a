using System.Globalization;

namespace EdgePrune.Host;

/// <summary>A study of this model was made: what was measured comes before what could be predicted.</summary>
internal sealed class MeasuredStudyRule : IAdviceRule
{
    public string Name => "measured-study";

    public bool Applies(AdviceContext context) => context.Measured is not null;

    public Advice Make(AdviceContext context)
    {
        var (choice, study) = (context.Measured!, context.Request.Study!);
        return new Advice
        {
            Text = $"Take {choice.Best.Name}: it keeps {Score(choice.Best)} of {Score(choice.Original)} points here, and needs {MeasuredChoice.Text(choice.Best, context.Need)} instead of {MeasuredChoice.Text(choice.Original, context.Need)}.",
            Reason = $"Measured, not predicted: of {study.Rows.Count} models in the study it needs least among those within {study.Options.Tolerance.ToString("0.##", CultureInfo.InvariantCulture)} points of the original. {Others(choice, context.Need)}"
                + (context.Need is AdviceNeed.Latency or AdviceNeed.Energy ? "Times are of the machine that made the study." : "Its model is in the study's folder."),
            Command = Command(choice.Best, context),
            Usefulness = 1,
        };
    }

    private static string Others(MeasuredChoice choice, AdviceNeed need) => choice.Others.Count == 0
        ? ""
        : $"Next best: {string.Join("; ", choice.Others.Select(r => $"{r.Name} keeps {Score(r)} and needs {MeasuredChoice.Text(r, need)}"))}. ";

    private static string Score(StudyRow row) => row.Score!.Value.ToString("0.00", CultureInfo.InvariantCulture);

    // The study makes the model again from what it kept, or from the start.
    private static string Command(StudyRow row, AdviceContext context)
    {
        var (model, data) = (context.Request.ModelFile, context.Request.DataFile);
        var form = PrecisionTable.Of(row.Precision);
        if (row.Method == StudyMethod.Original)
        {
            return $"edgeprune quantize {model} {(form.NeedsSamples ? $"--data {data}" : $"--precision {form.Name}")} --output model.{form.Name}.onnx";
        }

        var method = row.Method == StudyMethod.Unstructured ? "unstructured" : "structured";
        var choices = (row.Method == StudyMethod.Unrepaired ? " --no-repair" : "") + (context.Request.Study!.Options.Scope == PruningScope.PerLayer ? " --per-layer" : "")
            + (new StudyOptions().Precisions.Contains(row.Precision) ? "" : $" --precisions {form.Name}");
        return string.Create(CultureInfo.InvariantCulture, $"edgeprune study {model} --data {data} --methods {method} --rates {row.Rate:R} --epochs {row.Epochs}{choices}");
    }
}
