namespace EdgePrune.Training;

/// <summary>
/// What is done to weights after each step of the optimizer, without gradients, such as setting masked weights to zero. What
/// it does depends on the weights and the step alone, so that a run that goes on from a checkpoint needs no more state.
/// </summary>
internal interface IStepAction
{
    /// <summary>Acts on the weights.</summary>
    /// <param name="step">Steps that are done, from 1.</param>
    /// <param name="steps">All steps.</param>
    void AfterStep(int step, int steps);
}
