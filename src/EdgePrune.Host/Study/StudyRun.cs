using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Measures a grid of methods, rates, epochs, precisions and seeds. Several models are trained at the same time; pruning, quantizing and
/// scoring are done one after the other, and times are measured last, when nothing else runs. Each finished cell is kept at once.
/// </summary>
public sealed class StudyRun : IDisposable
{
    private readonly StudyInputs _inputs;
    private readonly StudyOptions _options;
    private readonly StudyModels _models;
    private readonly StudyKeys _keys;
    private readonly StudyStore _store;
    private readonly IReadOnlyList<StudyCase> _grid;
    private readonly ConcurrentDictionary<string, StudyFailure> _failures = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _desk = new(1, 1);

    /// <summary>Prepares a study; cells that an earlier run finished are found again.</summary>
    /// <param name="inputs">What it works with.</param>
    /// <param name="options">The grid.</param>
    /// <exception cref="InputException">The options are unsound, or a sample cannot be read.</exception>
    public StudyRun(StudyInputs inputs, StudyOptions options)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.");
        }

        if (inputs.Jobs < 1)
        {
            throw new InputException(ErrorCode.InvalidOption, $"jobs is {inputs.Jobs}; it must be at least 1.");
        }

        (_inputs, _options) = (inputs, options.Complete());
        _models = new StudyModels(inputs, _options);
        _keys = new StudyKeys(inputs, _options);
        _store = new StudyStore(inputs.Folder, _keys.Model);
        _grid = StudyGrid.Expand(_options);
    }

    /// <summary>Number of cells in the table's grid.</summary>
    public int Cells => _grid.Count;

    /// <summary>Measures what is missing.</summary>
    /// <param name="progress">Told of each cell as it is finished, or null.</param>
    /// <param name="cancellationToken">Stops; finished cells are kept, and the next run goes on from there.</param>
    /// <returns>The study. Cells that failed say why.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<StudyReport> RunAsync(IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var chains = StudyChain.Of(_grid, _keys);
        var tracker = new StudyTracker(chains.Sum(c => c.Cells), _inputs.Clock, progress);
        foreach (var chain in chains)
        {
            var missing = Missing(chain).ToList();
            tracker.Skip(chain.Cells - missing.Count);
            tracker.Expect(missing.Sum(c => Cost(c, chain)));
        }

        tracker.Say("starting");
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _inputs.Jobs, CancellationToken = cancellationToken };
        foreach (var phase in chains.GroupBy(c => c.Cell.Epochs > 0))
        {
            await Parallel.ForEachAsync(phase, parallel, async (chain, stop) => await RunAsync(chain, tracker, stop).ConfigureAwait(false)).ConfigureAwait(false);
        }

        var (times, notes) = await new StudyTiming(_inputs, _store).MeasureAsync(Finished(), tracker, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<StudyCell> cells = [.. _grid.Select(c => Cell(c, times))];
        return StudyReport.Of(_inputs, _options, _keys, cells, [.. _store.Ignored, .. Doubts(), .. Unchanged(cells), .. notes]);
    }

    /// <inheritdoc/>
    public void Dispose() => _desk.Dispose();

    private async Task RunAsync(StudyChain chain, StudyTracker tracker, CancellationToken stop)
    {
        var missing = Missing(chain).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        try
        {
            var made = await FloatAsync(chain, stop).ConfigureAwait(false);
            foreach (var cell in missing)
            {
                await RunAsync(cell, made, tracker, Cost(cell, chain), stop).ConfigureAwait(false);
            }
        }
        catch (EdgePruneException e)
        {
            // What the cells share could not be made.
            foreach (var cell in missing)
            {
                Fail(cell, e, tracker, Cost(cell, chain));
            }
        }
    }

    private async Task RunAsync(StudyCase cell, StudyModel made, StudyTracker tracker, double cost, CancellationToken stop)
    {
        try
        {
            var kept = await KeepAsync(_keys.Of(cell), cell, made, stop).ConfigureAwait(false);
            tracker.Finish(cell, kept.Score.ToString("0.00", CultureInfo.InvariantCulture), cost);
        }
        catch (EdgePruneException e)
        {
            Fail(cell, e, tracker, cost);
        }
    }

    private void Fail(StudyCase cell, EdgePruneException error, StudyTracker tracker, double cost)
    {
        _failures[_keys.Of(cell)] = new StudyFailure((int)error.Code, error.Message);
        tracker.Finish(cell, $"failed. {error.Message}", cost);
    }

    // The model that a chain's cells share, from the folder where a former run left it.
    private async Task<StudyModel> FloatAsync(StudyChain chain, CancellationToken stop)
    {
        if (_store.Load(chain.Key, isMasked: chain.Cell.Method == StudyMethod.Unstructured) is { } kept)
        {
            return kept;
        }

        if (chain.Cell.Epochs == 0)
        {
            return await AtDeskAsync(() => _models.PruneAsync(chain.Cell, stop), stop).ConfigureAwait(false);
        }

        var start = chain.Cell with { Epochs = 0 };
        var key = _keys.Of(start);
        if (_failures.TryGetValue(key, out var failure))
        {
            throw new InputException((ErrorCode)failure.Code, failure.Message);
        }

        var pruned = _store.Load(key, isMasked: start.Method == StudyMethod.Unstructured)
            ?? await AtDeskAsync(() => _models.PruneAsync(start, stop), stop).ConfigureAwait(false);

        // A trainer blocks its thread for long; the pool's are for what happens meanwhile.
        return await Task.Factory.StartNew(() => _models.Train(pruned, chain.Cell, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    private Task<StudyFigures> KeepAsync(string key, StudyCase cell, StudyModel made, CancellationToken stop) => AtDeskAsync(
        async () =>
        {
            var model = await _models.ChangeAsync(made, cell, stop).ConfigureAwait(false);
            ReadOnlyMemory<byte> bytes = OnnxFile.ToBytes(model.Model);
            var evaluation = await _inputs.Evaluator.EvaluateAsync(bytes, stop).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            var figures = new StudyFigures(
                evaluation.Score,
                evaluation.Samples,
                bytes.Length,
                SparsityStorage.Compressed(bytes.Span, StudyFigures.CompressionLevel),
                made.Model.ParameterCount,
                Sparsifier.NonZero(made.Model),
                Convert.ToHexStringLower(SHA256.HashData(bytes.Span))) { Note = made.Note, Unchanged = model.Unchanged };
            _store.Keep(key, new StudyCell(cell) { Figures = figures }, bytes, cell.Precision == Precision.Float32 ? made.Mask : null);
            return figures;
        },
        stop);

    // What runs in this process uses all its cores, so one thing at a time is fastest, and evaluators and pipelines need know no threads.
    private async Task<T> AtDeskAsync<T>(Func<Task<T>> work, CancellationToken stop)
    {
        await _desk.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _desk.Release();
        }
    }

    private IEnumerable<StudyCase> Missing(StudyChain chain) =>
        chain.Others.Prepend((chain.Key, chain.Cell)).Where(c => _store.Find(c.Item1) is null).Select(c => c.Item2);

    private static double Cost(StudyCase cell, StudyChain chain) => cell == chain.Cell ? chain.Cost - (chain.Others.Count * Share(chain)) : Share(chain);

    private static double Share(StudyChain chain) => (chain.Cost - chain.Cell.Epochs) / chain.Cells;

    private IReadOnlyList<(StudyCase Cell, string Key)> Finished() =>
        [.. _grid.Select(c => (Cell: c, Key: _keys.Of(c))).Where(c => _store.Find(c.Key) is not null)];

    private StudyCell Cell(StudyCase cell, IReadOnlyDictionary<StudyCase, StudyTime> times)
    {
        var key = _keys.Of(cell);
        return _store.Find(key) is { } kept
            ? kept with { Case = cell, Time = times.GetValueOrDefault(StudyTiming.Alike(cell)) }
            : new StudyCell(cell) { Failure = _failures[key] };
    }

    private static IEnumerable<string> Unchanged(IReadOnlyList<StudyCell> cells) =>
        cells.Where(c => c.Figures?.Unchanged is not null).DistinctBy(c => c.Case.Name).Select(c => $"'{c.Case.Name}' is in float: {c.Figures!.Unchanged}");

    private IEnumerable<string> Doubts() => _keys.ScoresFittedSamples && _options.Epochs.Any(e => e > 0)
        ? ["Models are trained on the very samples they are scored on, so scores after training promise too much. Give data with a part for training and one for testing."]
        : [];
}
