using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Sets weights of convolutions and matrix products to zero, unstructured or N:M. Nothing is removed: shapes, operators and
/// names stay those of the user's model, so that a mask fits it and rate 0 changes nothing.
/// </summary>
/// <remarks>
/// The graph is not normalised, because nothing here needs it: which weights of a row go does not depend on a batch
/// normalization behind it, and a mask by the user's own names is of use to whoever trains the model further. Only Constant
/// nodes become initializers, since their numbers change, and a bias is added where a layer has none to take up a mean.
/// </remarks>
public static class Sparsifier
{
    /// <summary>Makes a sparse copy of a model.</summary>
    /// <param name="model">The model as it was loaded; not changed.</param>
    /// <param name="samples">Unlabelled samples, or null; magnitude and random need none.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between batches and layers.</param>
    /// <returns>The sparse model with its mask and report.</returns>
    /// <exception cref="EdgePruneException">The model is quantized or has no such weights, or the samples or options cannot be used.</exception>
    public static SparsityResult Apply(Model model, ISampleSource? samples, SparsityOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var method = Require(options, samples);
        progress?.Report("finding weights");
        var run = new SparsityRun(model, samples, options, cancellationToken);
        if (options.Rate == 0 && options.Pattern.IsUnstructured)
        {
            return Result(model, model.Clone(), run, run.Layers.Select(l => new SparseWeight(l.Weight.Name, l.Uses[0].Node.Label, l.Uses[0].Node.OperatorType, l.Count, l.Read().LongCount(w => w == 0), method)), options, null);
        }

        progress?.Report($"choosing weights: {method}");
        var best = run.Prune(method);
        SparsityChoice? choice = null;
        if (method is SparsityMethod.Wanda or SparsityMethod.Compensated)
        {
            progress?.Report("comparing with magnitude on held-out samples");
            (best, choice) = Choose(run, method, best);
        }

        progress?.Report("compressing");
        return Result(model, best.Model, run, best.Layers, options, choice);
    }

    private static SparsityMethod Require(SparsityOptions options, ISampleSource? samples)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, string.Join(" ", faults));
        }

        var method = options.Method != SparsityMethod.Auto ? options.Method : samples is null ? SparsityMethod.Magnitude : SparsityMethod.Compensated;
        return method is SparsityMethod.Wanda or SparsityMethod.Compensated && samples is null
            ? throw new InputException(ErrorCode.NoSamples, $"The method {method} looks at activations and needs samples. Give some with '--data', or use magnitude.")
            : method;
    }

    private static ((Model Model, IReadOnlyList<SparseWeight> Layers) Best, SparsityChoice Choice) Choose(SparsityRun run, SparsityMethod asked, (Model Model, IReadOnlyList<SparseWeight> Layers) pruned)
    {
        var magnitude = run.Prune(SparsityMethod.Magnitude);
        var error = OutputError.Measure(run.Original, pruned.Model, run.HeldOut!);
        var other = OutputError.Measure(run.Original, magnitude.Model, run.HeldOut!);
        return (error <= other ? pruned : magnitude, new SparsityChoice(asked, error, other, run.Fitted!.Count, run.HeldOut!.Count));
    }

    private static SparsityResult Result(Model original, Model model, SparsityRun run, IEnumerable<SparseWeight> layers, SparsityOptions options, SparsityChoice? choice)
    {
        IReadOnlyList<SparseWeight> weights = [.. layers];
        var bytes = OnnxFile.ToBytes(model);
        return new SparsityResult
        {
            Model = model,
            Bytes = bytes,
            Mask = SparsityMask.Of(model, weights.Select(w => w.Weight).Where(w => model.Graph.Values[w].Constant is not null)),
            Report = new SparsityReport(
                choice is { } c && c.Error > c.MagnitudeError ? SparsityMethod.Magnitude : Require(options, run.Fitted),
                options.Pattern.ToString(),
                weights.Sum(w => w.Count),
                weights.Sum(w => w.Zeros),
                model.ParameterCount,
                NonZero(model),
                weights,
                run.Untouched,
                choice,
                SparsityStorage.Of(original, bytes)),
        };
    }

    /// <summary>Float parameters that are not zero.</summary>
    internal static long NonZero(Model model) =>
        model.Graph.Initializers.Where(v => v.Constant!.ElementType.IsFloat()).Sum(v => v.Constant!.ToFloats().LongCount(w => w != 0));
}
