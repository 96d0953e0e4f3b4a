using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>The learning rate of each step.</summary>
/// <param name="options">First rate, which is named (<see cref="TrainingOptions.For"/>), and schedule.</param>
/// <param name="steps">All steps.</param>
/// <param name="stepsPerEpoch">Steps of an epoch.</param>
internal sealed class LearningRates(TrainingOptions options, int steps, int stepsPerEpoch)
{
    private readonly double _first = options.LearningRate ?? throw new ArgumentException("The learning rate is not named.", nameof(options));

    /// <summary>The rate of a step, counted from 0. The cosine has 1, 0.5 and 0 of the first at the start, the middle and the end.</summary>
    public double At(int step) => _first * options.Schedule switch
    {
        LearningSchedule.Cosine => 0.5 * (1 + Math.Cos(Math.PI * step / steps)),
        LearningSchedule.Step => Math.Pow(options.StepFactor, step / stepsPerEpoch),
        _ => 1,
    };
}
