using System.Globalization;
using EdgePrune.Host;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// One run of fine-tuning. A step computes the loss, and only when it is a number remembers the weights that gave it and
/// learns; so there are always weights to go back to, at most one step behind.
/// </summary>
internal sealed class FineTuneRun : IDisposable
{
    private readonly TorchGraph _graph;
    private readonly ISampleSource _samples;
    private readonly IReadOnlyList<int> _labels;
    private readonly FineTuneOptions _options;
    private readonly ClassificationLoss _loss;
    private readonly WeightOptimizer _optimizer;
    private readonly WeightSnapshot _lastGood;
    private readonly CosineSchedule _schedule;
    private readonly List<double> _epochLosses = [];
    private readonly int _steps;
    private int _done;

    public FineTuneRun(TorchGraph graph, ISampleSource samples, IReadOnlyList<int> labels, FineTuneOptions options)
    {
        (_graph, _samples, _labels, _options) = (graph, samples, labels, options);
        _loss = new ClassificationLoss(graph);
        _optimizer = new WeightOptimizer(graph.Parameters.Values, options);
        _lastGood = new WeightSnapshot(graph.Parameters.Values);
        _steps = options.Epochs * ((samples.Count + options.BatchSize - 1) / options.BatchSize);
        _schedule = new CosineSchedule(options.LearningRate, _steps);
    }

    public FineTuneResult Execute(IProgress<FineTuneProgress>? progress, CancellationToken cancellation)
    {
        var random = new Random(_options.Seed);
        var order = Enumerable.Range(0, _samples.Count).ToArray();
        for (var epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            random.Shuffle(order);
            var sum = 0.0;
            foreach (var chunk in order.Chunk(_options.BatchSize))
            {
                if (cancellation.IsCancellationRequested)
                {
                    return Cancelled(chunk);
                }

                if (!TryStep(chunk, out var loss))
                {
                    return Diverged(loss, _done + 1);
                }

                sum += loss * chunk.Length;
                progress?.Report(new FineTuneProgress(epoch, _options.Epochs, _done, _steps, loss, _schedule.At(_done - 1)));
            }

            _epochLosses.Add(sum / _samples.Count);
        }

        return IsGood(order.AsSpan(0, Math.Min(order.Length, _options.BatchSize)).ToArray(), out var last)
            ? Result(FineTuneOutcome.Completed)
            : Diverged(last, _done);
    }

    public void Dispose()
    {
        _lastGood.Dispose();
        _optimizer.Dispose();
    }

    private bool TryStep(int[] chunk, out double loss)
    {
        using var scope = torch.NewDisposeScope();
        _optimizer.Clear();
        loss = Loss(chunk, part => part.backward());
        if (!double.IsFinite(loss))
        {
            return false;
        }

        _lastGood.Take();
        _optimizer.Step(_schedule.At(_done));
        _done++;
        return true;
    }

    private bool IsGood(int[] chunk, out double loss)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        loss = Loss(chunk, _ => { });
        return double.IsFinite(loss);
    }

    // A model with a fixed batch of one gives a part for each sample; the parts' gradients add up to the batch's.
    private double Loss(int[] chunk, Action<torch.Tensor> use)
    {
        var labels = Array.ConvertAll(chunk, i => _labels[i]);
        var sum = 0.0;
        foreach (var (feeds, start, count) in new SampleFeeder(_graph.Source, new SampleSubset(_samples, chunk), chunk.Length).Batches())
        {
            using var scope = torch.NewDisposeScope();
            var part = _loss.Of(feeds, labels.AsSpan(start, count)) * ((float)count / chunk.Length);
            use(part);
            sum += part.item<float>();
        }

        return sum;
    }

    private FineTuneResult Diverged(double loss, int step)
    {
        var wasAlreadyBad = _done == 0;
        _lastGood.Restore();
        _done = Math.Max(0, _done - 1);
        var number = loss.ToString(CultureInfo.InvariantCulture);
        var rate = _options.LearningRate.ToString(CultureInfo.InvariantCulture);
        return Result(FineTuneOutcome.Diverged, wasAlreadyBad
            ? $"The loss is {number} at step 1 of {_steps}, before anything was learnt. The model is unchanged; check the samples and the model."
            : $"The loss became {number} at step {step} of {_steps}. The weights after step {_done} are kept. Lower the learning rate, which is {rate}.");
    }

    private FineTuneResult Cancelled(int[] chunk)
    {
        var at = _done;
        if (at > 0 && !IsGood(chunk, out _))
        {
            _lastGood.Restore();
            _done--;
        }

        return Result(FineTuneOutcome.Cancelled, $"It was cancelled after step {at} of {_steps}. The weights after step {_done} are kept.");
    }

    private FineTuneResult Result(FineTuneOutcome outcome, string? reason = null) => new(_graph.Export(), outcome, _done, _epochLosses, reason);
}
