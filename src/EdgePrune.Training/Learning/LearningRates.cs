using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>The learning rate of each step.</summary>
/// <param name="options">First rate and schedule.</param>
/// <param name="steps">All steps.</param>
/// <param name="stepsPerEpoch">Steps of an epoch.</param>
internal sealed class LearningRates(TrainingOptions options, int steps, int stepsPerEpoch)
{
    /// <summary>The rate of a step, counted from 0. The cosine has 1, 0.5 and 0 of the first at the start, the middle and the end.</summary>
    public double At(int step) => options.FirstRate * options.Schedule switch
    {
        LearningSchedule.Cosine => 0.5 * (1 + Math.Cos(Math.PI * step / steps)),
        LearningSchedule.Step => Math.Pow(options.StepFactor, step / stepsPerEpoch),
        _ => 1,
    };
}
