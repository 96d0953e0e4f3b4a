using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Rounds all weights of a model by what the samples show of their inputs: the layers whose covariances fit into memory
/// together are measured in one pass.
/// </summary>
internal sealed class WeightRounding
{
    // Doubles of the triangles that one pass gathers.
    private const long MostNumbers = 1L << 25;

    // The work grows with the cube of a segment.
    private const int Segment = 768;

    // As many as say something of each pair of columns.
    private const int RowsPerColumn = 4;

    private readonly QuantizationRecipe _recipe;
    private readonly IReadOnlyDictionary<string, AffineParameters> _parameters;
    private readonly QuantizationOptions _options;
    private readonly List<(SparsityLayer Layer, QuantizationUnit Unit)> _layers = [];
    private readonly Dictionary<string, RoundedWeight> _weights = [];
    private readonly Dictionary<string, float[]> _shifts = [];

    private WeightRounding(QuantizationRecipe recipe, QuantizationAttempt attempt, QuantizationOptions options)
    {
        (_recipe, _parameters, _options) = (recipe, attempt.Parameters, options);
        var units = attempt.Units.Where(u => u.Weight is not null).ToDictionary(attempt.NameOf);
        foreach (var layer in SparsityLayers.Find(recipe.Prepared.Graph, recipe.Statistics.Shapes(recipe.Prepared.Graph)).Layers)
        {
            foreach (var use in layer.Uses.Where(u => u.Rows is not null && u.Contraction.IsAffine))
            {
                if (units.TryGetValue(use.Node.Output.Name, out var unit))
                {
                    _layers.Add((new SparsityLayer(layer.Weight, [use]), unit));
                }
            }
        }
    }

    /// <summary>Rounds the weights that integer kernels read.</summary>
    /// <param name="recipe">The recipe so far.</param>
    /// <param name="attempt">What it gives.</param>
    /// <param name="samples">Samples to measure inputs with.</param>
    /// <param name="options">What may be done.</param>
    /// <param name="cancellationToken">Stops between batches and layers.</param>
    /// <returns>The recipe with these weights, and with what the means lost added to the biases when the options say so.</returns>
    public static QuantizationRecipe Apply(QuantizationRecipe recipe, QuantizationAttempt attempt, ISampleSource samples, QuantizationOptions options, CancellationToken cancellationToken)
    {
        var rounding = new WeightRounding(recipe, attempt, options);
        foreach (var chunk in rounding.Chunks())
        {
            rounding.Round(chunk, samples, cancellationToken);
        }

        return recipe with { Weights = rounding._weights, BiasShifts = rounding._shifts };
    }

    private IEnumerable<List<(SparsityLayer Layer, QuantizationUnit Unit)>> Chunks()
    {
        List<(SparsityLayer, QuantizationUnit)> chunk = [];
        var numbers = 0L;
        foreach (var (layer, unit) in _layers)
        {
            var size = layer.Blocks * (long)layer.Columns * Math.Min(Segment, layer.Columns) / 2;
            if (chunk.Count > 0 && numbers + size > MostNumbers)
            {
                yield return chunk;
                (chunk, numbers) = ([], 0);
            }

            chunk.Add((layer, unit));
            numbers += size;
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    private void Round(List<(SparsityLayer Layer, QuantizationUnit Unit)> chunk, ISampleSource samples, CancellationToken cancellationToken)
    {
        var moments = MomentsPass.Gather(_recipe.Prepared, [.. chunk.Select(c => c.Layer)], layer => Request(layer, samples.Count), samples, cancellationToken);
        foreach (var (layer, unit) in chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Round(layer, unit, moments[layer.Uses[0]]);
        }
    }

    private MomentsRequest Request(SparsityLayer layer, int samples)
    {
        var rows = Math.Clamp(RowsPerColumn * Math.Min(Segment, layer.Columns) / samples, 8, MomentsRequest.MostRowsOfSample);
        return new MomentsRequest(_options.CompensateRounding ? Segment : 1, rows);
    }

    private void Round(SparsityLayer layer, QuantizationUnit unit, InputMoments moments)
    {
        var node = layer.Uses[0].Node;
        var (slots, name) = (unit.Weight!, node.Output.Name);
        var step = _parameters[node.Input(slots.Data)!.Name].Scale;
        var corrects = _options.CorrectBias && unit.CanHaveBias;
        var bias = slots.Bias < 0 ? new float[layer.Rows] : WeightQuantizer.FloatBias(node, slots, layer.Rows, null);
        var rounding = new CompensatedRounding(layer, WeightQuantizer.Factor(node, "alpha"));
        var weight = rounding.Round(block => Matrices(layer, block, moments, (step, !corrects)), WeightQuantizer.LeastScales(bias, step), _options.ClipWeights, _options.CompensateRounding);
        _weights[name] = weight;
        if (corrects)
        {
            _shifts[name] = rounding.MeanShift(moments.Mean);
        }
    }

    private List<double[][]> Matrices(SparsityLayer layer, int block, InputMoments moments, (float Step, bool KeepsMean) input)
    {
        List<double[][]> segments = [];
        var most = _options.CompensateRounding ? Segment : 1;
        for (var first = 0; first < layer.Columns; first += most)
        {
            var h = SquareMatrix.Lower(Math.Min(most, layer.Columns - first));
            moments.AddCovariance(block, h, first);
            for (var i = 0; i < h.Length; i++)
            {
                // A mean that no bias takes up counts as if it varied.
                for (var j = 0; j <= i && input.KeepsMean; j++)
                {
                    h[i][j] += moments.Mean(block, first + i) * moments.Mean(block, first + j);
                }

                // Rounding an activation adds a twelfth of its squared step to its variance.
                h[i][i] += input.Step * input.Step / 12;
            }

            segments.Add(h);
        }

        return segments;
    }
}
