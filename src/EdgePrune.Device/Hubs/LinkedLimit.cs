namespace EdgePrune.Device;

/// <summary>A token that is cancelled after a time, or when the caller cancels. <c>CancelAfter</c> restarts the time.</summary>
internal sealed class LinkedLimit : CancellationTokenSource
{
    private readonly CancellationTokenRegistration _caller;

    /// <summary>Starts the time.</summary>
    /// <param name="limit">The time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">The caller's token.</param>
    public LinkedLimit(TimeSpan limit, TimeProvider time, CancellationToken ct)
        : base(limit, time) => _caller = ct.UnsafeRegister(static s => ((LinkedLimit)s!).Cancel(), this);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _caller.Dispose();
        base.Dispose(disposing);
    }
}
