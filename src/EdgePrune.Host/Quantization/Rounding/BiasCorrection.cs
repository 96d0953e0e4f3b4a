using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Takes the error out of the mean of every layer's output, layer after layer, on what the layers before it, already
/// corrected, really feed it. Nagel et al., Data-free quantization through weight equalization and bias correction, ICCV 2019,
/// in its empirical form.
/// </summary>
/// <remarks>The means are of the sums before their activation, over samples and positions, of the float model and of the quantized one.</remarks>
internal sealed class BiasCorrection
{
    private readonly SegmentedRun _float;
    private readonly SegmentedRun _rounded;
    private readonly GraphEditor _editor;
    private readonly Graph _prepared;

    private BiasCorrection(QuantizationRecipe recipe, QuantizationAttempt attempt, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> batches)
    {
        _prepared = recipe.Prepared.Graph;
        _editor = new GraphEditor(attempt.Model.Graph);
        _float = new SegmentedRun(recipe.Prepared, batches);
        _rounded = new SegmentedRun(attempt.Model, batches);
    }

    /// <summary>Finds what to add to the biases.</summary>
    /// <param name="recipe">The recipe so far.</param>
    /// <param name="samples">Samples to measure with.</param>
    /// <param name="cancellationToken">Stops between layers.</param>
    /// <returns>The recipe with these shifts on top of its own.</returns>
    public static QuantizationRecipe Apply(QuantizationRecipe recipe, ISampleSource samples, CancellationToken cancellationToken)
    {
        var shifts = recipe.BiasShifts.ToDictionary();
        var attempt = QuantizationAttempt.Make(recipe, addsBiases: true);
        var correction = new BiasCorrection(recipe, attempt, [.. new SampleFeeder(recipe.Prepared, samples).Batches().Select(b => b.Feeds)]);
        foreach (var unit in attempt.Units.Where(u => u.CanHaveBias))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = attempt.NameOf(unit);
            var shift = correction.Correct(unit, name);
            shifts[name] = shifts.TryGetValue(name, out var known) ? [.. known.Zip(shift, (a, b) => a + b)] : shift;
        }

        return recipe with { BiasShifts = shifts };
    }

    private float[] Correct(QuantizationUnit unit, string name)
    {
        var value = _prepared.Values[name];
        var (now, wanted) = (_rounded.Peek(unit.Core.Output), _float.Advance([value])[name]);
        var (bias, scales) = BiasOf(unit);
        var axis = unit.Core.OperatorType == "Conv" ? 1 : wanted[0].Rank - 1;
        var (was, should) = (new ChannelMeans(axis, scales.Length), new ChannelMeans(axis, scales.Length));
        for (var batch = 0; batch < now.Length; batch++)
        {
            was.Add(now[batch]);
            should.Add(wanted[batch]);
        }

        var integers = bias.Constant!.Span<int>().ToArray();
        var shift = new float[scales.Length];
        for (var i = 0; i < shift.Length; i++)
        {
            var steps = Math.Clamp(Math.Round((should.Of(i) - was.Of(i)) / scales[i]), -WeightQuantizer.LargestBias, WeightQuantizer.LargestBias);
            var moved = (int)Math.Clamp(integers[i] + steps, -WeightQuantizer.LargestBias, WeightQuantizer.LargestBias);
            shift[i] = (moved - integers[i]) * scales[i];
            integers[i] = moved;
        }

        _editor.SetInitializer(bias, new Tensor(ElementType.Int32, [integers.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(integers).ToArray()));
        _rounded.Advance([unit.Core.Output]);
        return shift;
    }

    private static (Value Bias, float[] Scales) BiasOf(QuantizationUnit unit)
    {
        var dequantize = unit.Core.Input(unit.Weight!.BiasOr(2))!.Producer!;
        return (dequantize.Input(0)!, dequantize.Input(1)!.Constant!.Span<float>().ToArray());
    }
}
