using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Host;

/// <summary>
/// Finds the fastest form of a model on the machine that measures: profiles float and int8 operator by operator, plans int8 anew by
/// that, and times the int8 forms against float in turn. What it chooses is not slower than float.
/// </summary>
/// <remarks>
/// Operators alone promise more than the whole gives: what a border costs its neighbours shows in neither form. So the new form, once timed as a whole, is
/// profiled too, and int8 is planned again by what it showed, until a plan comes back or <see cref="MostRounds"/> are done.
/// </remarks>
/// <param name="profiler">Measures a model, operator by operator.</param>
/// <param name="comparer">Measures two models in turn.</param>
public sealed class FastestForm(IModelProfiler profiler, IModelComparer comparer)
{
    /// <summary>Most rounds of planning by measurements. <value>3.</value></summary>
    public const int MostRounds = 3;

    private const string Int8 = "int8";

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(200);

    /// <summary>The clock of waiting for a disturbed machine. <value>Default: the system's.</value></summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

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
        List<CompressionResult> replanned = [];
        var forms = new ModelForms(original, counted.Model, options.Target?.Threads ?? 1, AllowsFloat: report.Bytes is null);
        var choice = await ChooseAsync(forms, ReplanAsync, progress, cancellationToken).ConfigureAwait(false);
        return (choice.Fastest switch
        {
            ModelForm.Float => counted with { Model = original, Bytes = OnnxFile.ToBytes(original), Precision = Precision.Float32 },
            ModelForm.Replanned => replanned[choice.Round!.Value - 1],
            _ => counted,
        }, choice);

        async Task<PlannedForm> ReplanAsync(MeasuredForms measured, CancellationToken token)
        {
            var result = await pipeline.RunAsync(options with { Quantization = options.Quantization with { Measured = measured } }, null, token).ConfigureAwait(false);
            replanned.Add(result);
            return new PlannedForm(result.Model, result.Quantization?.Planned);
        }
    }

    /// <summary>Chooses.</summary>
    /// <param name="forms">The forms that are there.</param>
    /// <param name="replan">Makes the int8 form anew by measurements; called once for each round.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between and within measurements.</param>
    /// <returns>The choice; the form of a round is what <paramref name="replan"/> gave in it.</returns>
    /// <exception cref="EdgePruneException">A form cannot be run or measured.</exception>
    internal async Task<FormChoice> ChooseAsync(ModelForms forms, Func<MeasuredForms, CancellationToken, Task<PlannedForm>> replan, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var settings = new ProfileSettings { Threads = forms.Threads, Window = Window };
        using var bench = new FormBench(profiler, comparer, settings) { Progress = progress, Clock = Clock };
        bench.Add(FormBench.Float, forms.Float);
        bench.Add(Int8, forms.Int8);
        var (measured, unusable) = await ProfiledAsync(bench, forms.Float, cancellationToken).ConfigureAwait(false);
        var int8 = await bench.CompareAsync(Int8, "int8", cancellationToken).ConfigureAwait(false);
        var rounds = measured is null
            ? [new ReplanRound { Ended = unusable }]
            : await new ReplanRounds(bench, replan, OnnxFile.ToBytes(forms.Int8)) { Progress = progress }.RunAsync(measured, int8.Ratio.Estimate, cancellationToken).ConfigureAwait(false);
        return FormChoice.Of(int8, rounds, forms.AllowsFloat);
    }

    private static async Task<(MeasuredForms? Forms, string? Unusable)> ProfiledAsync(FormBench bench, Model original, CancellationToken cancellationToken)
    {
        var inFloat = await bench.ProfileAsync(FormBench.Float, "float", cancellationToken).ConfigureAwait(false);
        var inInt8 = await bench.ProfileAsync(Int8, "int8", cancellationToken).ConfigureAwait(false);
        try
        {
            return (MeasuredForms.Of(inFloat, inInt8, original), null);
        }
        catch (InputException unusable) when (unusable.Code == ErrorCode.InvalidOption)
        {
            // Runs that were disturbed: the forms that are there are compared all the same.
            return (null, unusable.Message);
        }
    }
}

/// <summary>Two forms of one model to choose among.</summary>
/// <param name="Float">The float form.</param>
/// <param name="Int8">The int8 form.</param>
/// <param name="Threads">Threads that all run with.</param>
/// <param name="AllowsFloat">Whether float may take the place of int8; not where only int8 takes the inputs that are wanted.</param>
internal sealed record ModelForms(Model Float, Model Int8, int Threads, bool AllowsFloat);

/// <summary>An int8 form that was planned by measurements.</summary>
/// <param name="Model">The form.</param>
/// <param name="Planned">What the measurements promise for it, or null.</param>
internal sealed record PlannedForm(Model Model, PlannedTime? Planned);
