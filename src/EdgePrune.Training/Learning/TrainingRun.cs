using System.Globalization;
using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Host;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// One run of training. Every random choice hangs on the seed, the epoch and the sample alone, so that a run that was cut
/// off between any two steps goes on from its checkpoint bit for bit.
/// </summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingTask _task;
    private readonly TrainingOptions _options;
    private readonly SampleShares _shares;
    private readonly AugmentedSamples _source;
    private readonly BatchReader _reader;
    private readonly LearningRates _rates;
    private readonly RunState _state;
    private readonly RunProgress _progress;
    private readonly CheckpointWriter _checkpoints;
    private readonly int _samplesPerEpoch;
    private readonly int _stepsPerEpoch;
    private readonly int _steps;
    private int[] _order = [];
    private int _orderOf;

    /// <summary>Prepares a run; a checkpoint of the same run is taken up.</summary>
    /// <param name="task">What to do. Its options are sound.</param>
    /// <exception cref="InputException">There is no sample, validation has neither labels nor a score, or the checkpoint is damaged or of another run.</exception>
    /// <exception cref="ModelException">The model has nothing to learn.</exception>
    public TrainingRun(TrainingTask task)
    {
        (_task, _options) = (task, task.Options.For(task.Graph.Source, null));
        RequireWeights(task.Graph);
        _shares = SampleShares.Of(task);
        RequireScore();
        _source = new AugmentedSamples(task.Samples, _options.Augmentation, _options.Seed);
        _reader = new BatchReader(task.Graph, _source);
        _samplesPerEpoch = SamplesPerEpoch();
        _stepsPerEpoch = (_samplesPerEpoch + _options.BatchSize - 1) / _options.BatchSize;
        task.Graph.HasLiveStatistics = _options.LiveStatistics;
        _steps = checked(_options.Epochs * _stepsPerEpoch);
        _rates = new LearningRates(_options, _steps, _stepsPerEpoch);
        _state = new RunState(task);
        _checkpoints = new CheckpointWriter(task.Checkpoint, task.Clock);
        _checkpoints.TakeUp(_state, _steps, _stepsPerEpoch);
        _progress = new RunProgress(task, _stepsPerEpoch, _steps, _state.Done);
    }

    /// <summary>Trains to one of its ends; afterwards the graph holds the weights to use.</summary>
    /// <param name="cancellation">Stops after the present step; what was learnt is kept, in the checkpoint too.</param>
    /// <returns>How it ended; its file is not set.</returns>
    /// <exception cref="EdgePruneException">Samples, labels or the model do not fit, or memory ran out.</exception>
    public TrainingFinished Execute(CancellationToken cancellation)
    {
        try
        {
            return Train(cancellation);
        }
        catch (ExternalException e)
        {
            throw new InputException(ErrorCode.TrainingUnavailable, $"libtorch failed at step {_state.Done + 1} of {_steps}: {e.Message.Split('\n')[0].TrimEnd('.', ' ')}. Lower the batch size if memory ran out.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _state.Dispose();

    private TrainingFinished Train(CancellationToken cancellation)
    {
        while (true)
        {
            if (_state.Done == (_state.Epochs.Count + 1) * _stepsPerEpoch && !TryEndEpoch(cancellation))
            {
                return Cancelled();
            }

            if (IsExhausted)
            {
                return StoppedEarly();
            }

            if (_state.Done == _steps)
            {
                return Completed();
            }

            if (cancellation.IsCancellationRequested)
            {
                return Cancelled();
            }

            if (!TryStep(out var loss))
            {
                return Diverged(loss);
            }
        }
    }

    private bool IsExhausted => _options.Patience > 0 && _state.Best is { } best && _state.Epochs.Count - best.Epoch >= _options.Patience && _state.Done < _steps;

    private bool TryStep(out double loss)
    {
        using var scope = torch.NewDisposeScope();
        var chunk = Chunk(_state.Done);
        _checkpoints.CaptureIfDue(_state);
        _state.Optimizer.Clear();
        loss = Loss(chunk, part => part.backward());
        if (!double.IsFinite(loss))
        {
            return false;
        }

        _checkpoints.Write();
        _state.LastGood.Take();
        var rate = _rates.At(_state.Done);
        _state.Optimizer.Step(rate);
        _state.Done++;
        _state.LossSum += loss * chunk.Length;
        Act();
        _progress.Step(_state.Done, loss, rate);
        return true;
    }

    private void Act()
    {
        using var frozen = torch.no_grad();
        foreach (var action in _task.Actions)
        {
            action.AfterStep(_state.Done, _steps);
        }
    }

    // A model with a fixed batch of one gives a part for each sample; the parts' gradients add up to the batch's.
    private double Loss(int[] chunk, Action<torch.Tensor> use)
    {
        var sum = 0.0;
        foreach (var batch in _reader.Read(chunk))
        {
            using var scope = torch.NewDisposeScope();
            sum += Use(_task.Objective.Loss(batch).Times((float)batch.Samples.Count / chunk.Length), use);
        }

        foreach (var penalty in _task.Penalties)
        {
            using var scope = torch.NewDisposeScope();
            sum += Use(penalty.Value(), use);
        }

        return sum;
    }

    private static double Use(torch.Tensor part, Action<torch.Tensor> use)
    {
        use(part);
        return part.item<float>();
    }

    private int[] Chunk(int step)
    {
        var (epoch, place) = Math.DivRem(step, _stepsPerEpoch);
        if (_orderOf != epoch + 1)
        {
            _orderOf = epoch + 1;
            _order = [.. _shares.Learnt];
            new Random(HashSeed.Of(_options.Seed, _orderOf)).Shuffle(_order);
            _source.Epoch = _orderOf;
        }

        var start = place * _options.BatchSize;
        return _order[start..Math.Min(_samplesPerEpoch, start + _options.BatchSize)];
    }

    private bool TryEndEpoch(CancellationToken cancellation)
    {
        double? score = null;
        try
        {
            score = _shares.HeldOut is { } heldOut ? (_task.Score ?? new LabelScore()).Of(_task.Graph, heldOut, cancellation) : null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }

        var epoch = new TrainingEpoch(_state.Epochs.Count + 1, _state.LossSum / _samplesPerEpoch, score);
        _state.Epochs.Add(epoch);
        _state.LossSum = 0;
        if (_options.Patience > 0 && _state.Best == epoch)
        {
            _state.KeepBest();
        }

        _task.Progress?.Report(epoch);
        _checkpoints.Ask();
        return true;
    }

    // A last batch of one sample has no statistics; another sample is left out in each epoch.
    private int SamplesPerEpoch()
    {
        var count = _shares.Learnt.Length;
        return _options.LiveStatistics && _options.BatchSize > 1 && count > 1 && count % _options.BatchSize == 1 ? count - 1 : count;
    }

    // A look at the end, which moves no statistics.
    private bool IsGood(out double loss)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        _task.Graph.HasLiveStatistics = false;
        loss = Loss(Chunk(Math.Min(_state.Done, _steps - 1)), _ => { });
        return double.IsFinite(loss);
    }

    private TrainingFinished Completed()
    {
        if (_options.Patience > 0)
        {
            TakeBest();
        }

        return IsGood(out var last) ? Finished(TrainingEnd.Completed, null) : Diverged(last);
    }

    private TrainingFinished StoppedEarly()
    {
        TakeBest();
        var best = _state.Best!;
        return Finished(TrainingEnd.StoppedEarly, string.Create(CultureInfo.InvariantCulture,
            $"The validation score did not rise above the {best.Score:0.##} % of epoch {best.Epoch} for {_options.Patience} epoch(s). The weights of epoch {best.Epoch} are taken."));
    }

    private void TakeBest()
    {
        if (_state.TakeBest())
        {
            _state.Done = _state.Best!.Epoch * _stepsPerEpoch;
            using var frozen = torch.no_grad();
            foreach (var action in _task.Actions)
            {
                action.AfterStep(_steps, _steps);
            }
        }
    }

    private TrainingFinished Diverged(double loss)
    {
        var at = _state.Done;
        _state.LastGood.Restore();
        _state.Done = Math.Max(0, at - 1);
        var number = loss.ToString(CultureInfo.InvariantCulture);
        var rate = _options.LearningRate!.Value.ToString(CultureInfo.InvariantCulture);
        return Finished(TrainingEnd.Diverged, at == 0
            ? $"The loss is {number} at step 1 of {_steps}, before anything was learnt. The model is unchanged; check the samples and the model."
            : $"The loss became {number} at step {Math.Min(at + 1, _steps)} of {_steps}. The weights after step {_state.Done} are kept. Lower the learning rate, which is {rate}.");
    }

    private TrainingFinished Cancelled()
    {
        var at = _state.Done;
        _checkpoints.Ask();
        _checkpoints.CaptureIfDue(_state);
        if (at > 0 && !IsGood(out var loss))
        {
            return Diverged(loss);
        }

        _checkpoints.Write();
        return Finished(TrainingEnd.Cancelled, $"It was cancelled after step {at} of {_steps}. The weights after step {_state.Done} are kept.");
    }

    private TrainingFinished Finished(TrainingEnd end, string? reason) => new(end, _state.Done, [.. _state.Epochs], "", reason);

    private void RequireScore()
    {
        if (_shares.HeldOut is { Labels: null } && _task.Score is null)
        {
            throw new InputException(ErrorCode.LabelMismatch, "The validation samples have no labels, so that there is no score after an epoch. Give labels, a teacher to agree with, or a validationShare of 0.");
        }

        if (_shares.HeldOut is { Count: 0 })
        {
            throw new InputException(ErrorCode.NoSamples, "There is no sample to take the score on. Give a file or folder that holds at least one, or leave validation out.");
        }

        if (_options.Patience > 0 && _shares.HeldOut is null)
        {
            throw new InputException(ErrorCode.InvalidOption, "Stopping early needs a score. Give validation samples or a validationShare above 0, or a patience of 0.");
        }
    }

    private static void RequireWeights(TorchGraph graph)
    {
        if (graph.Parameters.Count == 0)
        {
            throw new ModelException(ErrorCode.InvalidGraph, $"Graph '{graph.Graph.Name}' has no float weights, so nothing can be learnt. Train before quantizing.");
        }
    }
}
