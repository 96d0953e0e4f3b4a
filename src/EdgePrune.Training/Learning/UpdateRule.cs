namespace EdgePrune.Training;

/// <summary>How a gradient becomes a change of weights, with what it remembers of earlier ones.</summary>
internal abstract class UpdateRule
{
    /// <summary>Steps that were taken.</summary>
    public int Steps { get; set; }

    /// <summary>All that is remembered, in a fixed order.</summary>
    public abstract IReadOnlyList<float[]> Moments { get; }

    /// <summary>Learning rate of the step at hand.</summary>
    protected float Rate { get; private set; }

    /// <summary>Starts a step.</summary>
    public void Begin(float rate)
    {
        Steps++;
        Rate = rate;
        Prepare();
    }

    /// <summary>Changes one tensor's weights.</summary>
    /// <param name="tensor">Number of the tensor.</param>
    /// <param name="weights">Its weights; changed in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="decay">Weight decay.</param>
    public abstract void Update(int tensor, Span<float> weights, ReadOnlySpan<float> gradients, float decay);

    protected virtual void Prepare()
    {
    }
}
