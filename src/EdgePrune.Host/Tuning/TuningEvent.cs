namespace EdgePrune.Host;

/// <summary>What the tuning loop tells while it works.</summary>
public abstract record TuningEvent
{
    private TuningEvent()
    {
    }

    /// <summary>A step started.</summary>
    /// <param name="Text">What is being done, for people.</param>
    public sealed record StepStarted(string Text) : TuningEvent;

    /// <summary>A trial ended.</summary>
    /// <param name="Trial">The trial.</param>
    public sealed record TrialFinished(Trial Trial) : TuningEvent;
}
