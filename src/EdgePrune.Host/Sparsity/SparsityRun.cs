using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>One model being made sparse in several ways: layers, moments of the original, and the samples are shared by all.</summary>
internal sealed class SparsityRun
{
    private const int MostHeldOut = 128;

    // Layers that are pruned together see the inputs that all earlier ones give; each such wave costs a pass over the samples.
    private const int MostWaves = 8;
    private const long MostWaveBytes = 1L << 29;
    private const string TooWide = "Wider than 4,608 columns: the covariance would not fit.";
    private const string NoRows = "Its input cannot be read as rows.";

    private readonly Model _prepared;
    private readonly ShapeTable _shapes;
    private readonly SparsityOptions _options;
    private readonly CancellationToken _cancellationToken;
    private IReadOnlyDictionary<string, InputMoments[]>? _moments;

    public SparsityRun(Model model, ISampleSource? samples, SparsityOptions options, CancellationToken cancellationToken)
    {
        IntegerOperators.RequireFloat(model);
        (_options, _cancellationToken) = (options, cancellationToken);
        _prepared = model.Clone();
        PassSequence.Run(_prepared, new ConstantNodesToInitializers());
        _shapes = ShapeProbe.Complete(_prepared, ShapeInference.Infer(_prepared.Graph));
        (Layers, Untouched) = LayersOf(_prepared);
        if (Layers.Count == 0)
        {
            throw new ModelException(ErrorCode.NothingToPrune,
                $"No weight of '{model.Name}' can be made sparse. {string.Join(" ", Untouched.Take(3))} Weights must be constants that convolutions or matrix products use.");
        }

        if (samples is not null)
        {
            var drawn = SampleSubset.Random(samples, options.CalibrationSamples, options.Seed);
            var heldOut = Math.Min(MostHeldOut, drawn.Count / 8);
            Fitted = SampleSubset.Range(drawn, 0, drawn.Count - heldOut);
            HeldOut = heldOut == 0 ? Fitted : SampleSubset.Range(drawn, drawn.Count - heldOut, heldOut);
        }
    }

    public IReadOnlyList<SparsityLayer> Layers { get; }

    public IReadOnlyList<UntouchedWeight> Untouched { get; }

    /// <summary>Samples that methods see, or null.</summary>
    public ISampleSource? Fitted { get; }

    /// <summary>Samples that decide between methods, or null.</summary>
    public ISampleSource? HeldOut { get; }

    /// <summary>The model whose constants are initializers; nothing else was changed.</summary>
    public Model Original => _prepared;

    /// <summary>Makes a sparse copy.</summary>
    public (Model Model, IReadOnlyList<SparseWeight> Layers) Prune(SparsityMethod method)
    {
        var zeros = Allocate(method);
        var model = _prepared.Clone();
        var (layers, _) = LayersOf(model);
        var editor = new GraphEditor(model.Graph);
        var used = layers.Select(l => Applied(method, l)).ToList();
        for (var i = 0; i < layers.Count; i++)
        {
            if (used[i].Method != SparsityMethod.Compensated)
            {
                PruneByScore(editor, layers[i], used[i].Method, zeros[i], method == SparsityMethod.Compensated);
            }
        }

        foreach (var wave in Waves([.. Enumerable.Range(0, layers.Count).Where(i => used[i].Method == SparsityMethod.Compensated)], layers))
        {
            Compensate(editor, model, [.. wave.Select(i => (layers[i], zeros[i]))]);
        }

        return (model, [.. layers.Zip(used).Select(l => Report(l.First, l.Second))]);
    }

    private (IReadOnlyList<SparsityLayer> Layers, IReadOnlyList<UntouchedWeight> Untouched) LayersOf(Model model)
    {
        var shapes = new ShapeTable();
        foreach (var value in model.Graph.Values.Values)
        {
            if (_shapes.Find(_prepared.Graph.Values[value.Name]) is { } shape)
            {
                shapes.Set(value, shape);
            }
        }

        return SparsityLayers.Find(model.Graph, shapes);
    }

    private static (SparsityMethod Method, string? Reason) Applied(SparsityMethod method, SparsityLayer layer) => method switch
    {
        SparsityMethod.Wanda or SparsityMethod.Compensated when !layer.HasRows => (SparsityMethod.Magnitude, NoRows),
        SparsityMethod.Compensated when layer.Columns > LayerCompensation.MostColumns => (SparsityMethod.Wanda, TooWide),
        _ => (method, null),
    };

    private int[] Allocate(SparsityMethod method)
    {
        if (_options.Scope == PruningScope.PerLayer || !_options.Pattern.IsUnstructured)
        {
            return ZeroBudget.Even(Layers, _options.Rate);
        }

        var scored = method == SparsityMethod.Compensated ? SparsityMethod.Wanda : method;
        return ZeroBudget.Competing(Layers, [.. Layers.Select(l => Scores(l, l.Read(), Applied(scored, l).Method))], _options.Rate);
    }

    private void PruneByScore(GraphEditor editor, SparsityLayer layer, SparsityMethod method, int zeros, bool foldBias)
    {
        var matrix = layer.Read();
        var before = (float[])matrix.Clone();
        var scores = Scores(layer, matrix, method);
        var removed = (_options.Pattern.IsUnstructured, method) switch
        {
            (false, _) => MaskSelection.OfGroups(layer, scores, _options.Pattern),
            (_, SparsityMethod.Wanda) => MaskSelection.OfRows(layer, scores, zeros),
            _ => MaskSelection.OfLayer(layer, scores, zeros),
        };
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = removed[i] ? 0 : matrix[i];
        }

        editor.SetInitializer(layer.Weight, layer.Written(matrix));
        if (foldBias && layer.HasRows)
        {
            var means = Moments()[layer.Weight.Name];
            new LayerCompensation(layer, _options.Pattern).FoldBias(editor, before, layer.Read(), [.. means.Select(m => (m, m))]);
        }
    }

    // Squared, so that scores of all methods are on the scale that layers compete on.
    private float[] Scores(SparsityLayer layer, float[] matrix, SparsityMethod method)
    {
        if (method == SparsityMethod.Random)
        {
            var random = new Random(unchecked((_options.Seed * 31) + Layers.TakeWhile(l => l.Weight.Name != layer.Weight.Name).Count()));
            return Array.ConvertAll(matrix, _ => random.NextSingle());
        }

        if (method != SparsityMethod.Wanda)
        {
            return Array.ConvertAll(matrix, w => w * w);
        }

        var moments = Moments()[layer.Weight.Name];
        var squares = new double[layer.Blocks, layer.Columns];
        for (var at = 0; at < squares.Length; at++)
        {
            var (block, column) = Math.DivRem(at, layer.Columns);
            squares[block, column] = moments.Sum(m => m.Square(block, column));
        }

        return [.. matrix.Select((w, at) => (float)(w * w * squares[layer.BlockOf(at / layer.Columns), at % layer.Columns]))];
    }

    private IReadOnlyDictionary<string, InputMoments[]> Moments() =>
        _moments ??= Gather(_prepared, [.. Layers.Where(l => l.HasRows)], products: false);

    private Dictionary<string, InputMoments[]> Gather(Model model, IReadOnlyList<SparsityLayer> layers, bool products)
    {
        var moments = MomentsPass.Gather(model, layers, _ => products ? MomentsRequest.Products : MomentsRequest.Means, Fitted!, _cancellationToken);
        return layers.ToDictionary(l => l.Weight.Name, l => l.Uses.Select(u => moments[u]).ToArray());
    }

    private static IEnumerable<List<int>> Waves(IReadOnlyList<int> indices, IReadOnlyList<SparsityLayer> layers)
    {
        var most = (indices.Count + MostWaves - 1) / MostWaves;
        List<int> wave = [];
        var bytes = 0L;
        foreach (var index in indices)
        {
            var layer = layers[index];
            var size = 4L * layer.Columns * layer.Columns * layer.Blocks * layer.Uses.Count;
            if (wave.Count > 0 && (wave.Count == most || bytes + size > MostWaveBytes))
            {
                yield return wave;
                (wave, bytes) = ([], 0);
            }

            wave.Add(index);
            bytes += size;
        }

        if (wave.Count > 0)
        {
            yield return wave;
        }
    }

    private void Compensate(GraphEditor editor, Model model, IReadOnlyList<(SparsityLayer Layer, int Zeros)> wave)
    {
        var now = Gather(model, [.. wave.Select(w => w.Layer)], products: true);
        foreach (var (layer, zeros) in wave)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var compensation = new LayerCompensation(layer, _options.Pattern);
            var (before, moments) = (layer.Read(), now[layer.Weight.Name]);
            editor.SetInitializer(layer.Weight, layer.Written(compensation.Prune(moments, zeros)));
            compensation.FoldBias(editor, before, layer.Read(), [.. Moments()[layer.Weight.Name].Zip(moments)]);
        }
    }

    private static SparseWeight Report(SparsityLayer layer, (SparsityMethod Method, string? Reason) used)
    {
        var node = layer.Uses[0].Node;
        return new SparseWeight(layer.Weight.Name, node.Label, node.OperatorType, layer.Count, layer.Read().LongCount(w => w == 0), used.Method, used.Reason);
    }
}
