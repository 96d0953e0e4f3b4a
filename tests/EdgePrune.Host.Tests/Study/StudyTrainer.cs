using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Trains nothing: moves the first weight by the number of epochs and the seed, keeps the mask, and counts its calls.</summary>
internal sealed class StudyTrainer : ITrainer
{
    private int _running;
    private int _most;

    /// <summary>Calls so far: epochs, seed and whether a mask came.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<(int Epochs, int Seed, bool IsMasked)> Calls { get; } = [];

    /// <summary>Calls that ran at the same time, at most.</summary>
    public int Most => Volatile.Read(ref _most);

    public int Running => Volatile.Read(ref _running);

    /// <summary>Where calls wait for each other, or null.</summary>
    public Barrier? Meeting { get; init; }

    /// <summary>The call that fails, or null.</summary>
    public Func<FineTuneRecipe, TrainingAids, bool>? Fails { get; init; }

    public TrainingEnd End { get; init; } = TrainingEnd.Completed;

    public TrainedModel FineTune(Model student, TrainingAids aids, FineTuneRecipe recipe, IProgress<TrainingLine>? progress, CancellationToken cancellationToken)
    {
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(running);
        try
        {
            Meeting?.SignalAndWait(cancellationToken);
            Calls.Enqueue((recipe.Training.Epochs, recipe.Training.Seed, aids.Mask is not null));
            if (Fails?.Invoke(recipe, aids) == true)
            {
                throw new InputException(ErrorCode.TrainingUnavailable, "It was told to fail.");
            }

            return new TrainedModel(Moved(student, aids, recipe.Training), new TrainingFinished(End, 1, [], "", End == TrainingEnd.Diverged ? "The loss was no number." : null));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public GradientScores MeasureGradients(ModelAnalysis analysis, GradientRecipe recipe, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static Model Moved(Model student, TrainingAids aids, TrainingOptions training)
    {
        var model = student.Clone();
        var weight = model.Graph.Initializers.First(v => v.Constant!.ElementType.IsFloat());
        new GraphEditor(model.Graph).SetInitializer(weight, weight.Constant!.Map((_, w) => w + (0.001f * training.Epochs) + (0.0001f * training.Seed)));
        aids.Mask?.ApplyTo(model);
        return model;
    }

    private void InterlockedMax(int running)
    {
        for (var most = Most; running > most; most = Most)
        {
            Interlocked.CompareExchange(ref _most, running, most);
        }
    }
}
