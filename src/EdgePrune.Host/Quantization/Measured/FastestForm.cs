using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Host;

/// <summary>
/// Finds the fastest form of a model on the machine that measures: profiles float and int8 operator by operator, plans int8 anew by
/// that, and times both int8 forms against float in turn. What it chooses is not slower than float.
/// </summary>
/// <param name="profiler">Measures a model, operator by operator.</param>
/// <param name="comparer">Measures two models in turn.</param>
public sealed class FastestForm(IModelProfiler profiler, IModelComparer comparer)
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(200);

    /// <summary>Chooses for a model that a pipeline quantized for the machine that measures.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="options">What it did.</param>
    /// <param name="counted">What came of it.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between and within measurements.</param>
    /// <returns>What to use, and the choice; null where nothing runs in integers, so that there is nothing to choose.</returns>
    /// <exception cref="EdgePruneException">A form cannot be run or measured.</exception>
    public async Task<(CompressionResult Result, FormChoice? Choice)> ChooseAsync(
        CompressionPipeline pipeline, CompressionOptions options, CompressionResult counted, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (counted.Quantization is not { IntegerNodes: > 0 } report)
        {
            return (counted, null);
        }

        var original = pipeline.Original;
        var replanned = counted;
        var forms = new ModelForms(original, counted.Model, options.Target?.Threads ?? 1, AllowsFloat: report.Bytes is null);
        var choice = await ChooseAsync(forms, ReplanAsync, progress, cancellationToken).ConfigureAwait(false);
        return (choice.Fastest switch
        {
            ModelForm.Float => counted with { Model = original, Bytes = OnnxFile.ToBytes(original), Precision = Precision.Float32 },
            ModelForm.Replanned => replanned,
            _ => counted,
        }, choice);

        async Task<Model> ReplanAsync(MeasuredForms measured, CancellationToken token)
        {
            replanned = await pipeline.RunAsync(options with { Quantization = options.Quantization with { Measured = measured } }, null, token).ConfigureAwait(false);
            return replanned.Model;
        }
    }

    /// <summary>Chooses.</summary>
    /// <param name="forms">The forms that are there.</param>
    /// <param name="replan">Makes the int8 form anew by measurements.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between and within measurements.</param>
    /// <returns>The choice; the re-planned form is what <paramref name="replan"/> gave.</returns>
    /// <exception cref="EdgePruneException">A form cannot be run or measured.</exception>
    internal async Task<FormChoice> ChooseAsync(ModelForms forms, Func<MeasuredForms, CancellationToken, Task<Model>> replan, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-forms-");
        try
        {
            string Path(string name) => System.IO.Path.Combine(folder.FullName, name + ".onnx");
            OnnxFile.Write(forms.Float, Path("float"));
            OnnxFile.Write(forms.Int8, Path("int8"));
            var settings = new ProfileSettings { Threads = forms.Threads, Window = Window };
            var (replanned, reason) = await ReplanAsync().ConfigureAwait(false);
            progress?.Report("int8 and float in turn, A B B A");
            var int8 = await comparer.CompareAsync(Path("int8"), Path("float"), settings, cancellationToken).ConfigureAwait(false);
            if (replanned is null)
            {
                return FormChoice.Of(int8, null, forms.AllowsFloat) with { NotReplanned = reason };
            }

            OnnxFile.Write(replanned, Path("replanned"));
            progress?.Report("re-planned int8 and float in turn, A B B A");
            return FormChoice.Of(int8, await comparer.CompareAsync(Path("replanned"), Path("float"), settings, cancellationToken).ConfigureAwait(false), forms.AllowsFloat);

            async Task<(Model? Model, string? Reason)> ReplanAsync()
            {
                progress?.Report("float, operator by operator");
                var inFloat = await profiler.ProfileAsync(Path("float"), settings, cancellationToken).ConfigureAwait(false);
                progress?.Report("int8, operator by operator");
                var inInt8 = await profiler.ProfileAsync(Path("int8"), settings, cancellationToken).ConfigureAwait(false);
                progress?.Report("planning int8 by what was measured");
                return await NewFormAsync(forms, inFloat, inInt8, replan, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(Model? Model, string? Reason)> NewFormAsync(
        ModelForms forms, ProfileReport inFloat, ProfileReport inInt8, Func<MeasuredForms, CancellationToken, Task<Model>> replan, CancellationToken cancellationToken)
    {
        Model replanned;
        try
        {
            replanned = await replan(MeasuredForms.Of(inFloat, inInt8), cancellationToken).ConfigureAwait(false);
        }
        catch (InputException unusable) when (unusable.Code == ErrorCode.InvalidOption)
        {
            // A run that was disturbed, or nodes without names: the forms that are there are compared all the same.
            return (null, unusable.Message);
        }

        if (!IntegerOperators.IsQuantized(replanned))
        {
            return (null, "By the measurements of its operators the model is fastest with everything in float.");
        }

        return OnnxFile.ToBytes(replanned).AsSpan().SequenceEqual(OnnxFile.ToBytes(forms.Int8))
            ? (null, "By the measurements of its operators int8 is planned as before.")
            : (replanned, null);
    }
}

/// <summary>Two forms of one model to choose among.</summary>
/// <param name="Float">The float form.</param>
/// <param name="Int8">The int8 form.</param>
/// <param name="Threads">Threads that all run with.</param>
/// <param name="AllowsFloat">Whether float may take the place of int8; not where only int8 takes the inputs that are wanted.</param>
internal sealed record ModelForms(Model Float, Model Int8, int Threads, bool AllowsFloat);
