namespace EdgePrune.Training;

/// <summary>Where fine-tuning is; reported after every step.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">All epochs.</param>
/// <param name="Step">The step, from 1, over all epochs.</param>
/// <param name="Steps">All steps.</param>
/// <param name="Loss">Mean cross-entropy over the step's samples, before the step.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
public sealed record FineTuneProgress(int Epoch, int Epochs, int Step, int Steps, double Loss, double LearningRate);
