using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>Trains in a process of its own; what goes there and back are files in a temporary folder that each call makes and removes.</summary>
/// <param name="process">What starts the process.</param>
/// <param name="samples">What is learnt from.</param>
/// <param name="stop">Stops every call, also those whose caller passes nothing on.</param>
internal sealed class ProcessTrainer(TrainingProcess process, SampleReference samples, CancellationToken stop = default) : ITrainer
{
    /// <inheritdoc/>
    public TrainedModel FineTune(Model student, TrainingAids aids, FineTuneRecipe recipe, IProgress<TrainingLine>? progress, CancellationToken cancellationToken) => InFolder(folder =>
    {
        var request = new FineTuneRequest(Write(folder, "student.onnx", student), samples, Path.Combine(folder, "trained.onnx"), recipe)
        {
            Teacher = aids.Teacher is null ? null : Write(folder, "teacher.onnx", aids.Teacher),
            Mask = aids.Mask is null ? null : Write(folder, aids.Mask),
        };
        var finished = Run(request, progress, cancellationToken);
        return new TrainedModel(OnnxFile.Read(Written(request)), finished);
    });

    /// <inheritdoc/>
    public GradientScores MeasureGradients(ModelAnalysis analysis, GradientRecipe recipe, CancellationToken cancellationToken) => InFolder(folder =>
    {
        var model = Write(folder, "model.onnx", analysis.Model);
        var request = new GradientRequest(model, samples, Path.Combine(folder, "gradients.json"), recipe, analysis.Options);
        _ = Run(request, null, cancellationToken);
        return Fitting(analysis, Read(Written(request)));
    });

    private TrainingFinished Run(TrainingRequest request, IProgress<TrainingLine>? progress, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
        return process.RunAsync(request, progress, either.Token).GetAwaiter().GetResult();
    }

    private static T InFolder<T>(Func<string, T> work)
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-train-");
        try
        {
            return work(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Write(string folder, string name, Model model)
    {
        var path = Path.Combine(folder, name);
        WholeFile.Write(path, OnnxFile.ToBytes(model));
        return path;
    }

    private static string Write(string folder, SparsityMask mask)
    {
        var path = Path.Combine(folder, "mask.json");
        WholeFile.Write(path, SparsityMaskFile.Print(mask));
        return path;
    }

    private static string Written(TrainingRequest request) => File.Exists(request.Output)
        ? request.Output
        : throw Nonsense("said that it finished and wrote nothing.");

    private static GradientScores Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), TrainingJson.Default.GradientScores) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw Nonsense($"wrote gradients that cannot be read: {e.Message}", e);
        }
    }

    // A criterion takes the scores by group and channel; here is where a program of another version shows.
    private static GradientScores Fitting(ModelAnalysis analysis, GradientScores scores)
    {
        var found = scores.Groups.ToLookup(g => g.Group, StringComparer.Ordinal);
        var odd = analysis.Groups.FirstOrDefault(g => found[g.Name].Count() != 1 || found[g.Name].Any(f => f.Taylor.Count != g.Channels.Count || f.Fisher.Count != g.Channels.Count));
        return odd is null ? scores : throw Nonsense($"gave no gradients for the {odd.Channels.Count} channels of group '{odd.Name}'.");
    }

    private static InputException Nonsense(string what, Exception? cause = null) =>
        new(ErrorCode.TrainingFailed, $"The training program {what} Run it again with a training program of this tool's own version.", cause);
}
