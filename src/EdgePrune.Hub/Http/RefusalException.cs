using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>A request that is answered with an error: its HTTP status, and what goes into the <see cref="ErrorResponse"/>.</summary>
internal sealed class RefusalException(int status, ErrorCode code, string reason, Exception? inner = null)
    : EdgePruneException(code, reason, inner)
{
    public int Status { get; } = status;

    /// <summary>The message without the code, which travels beside it.</summary>
    public string Reason { get; } = reason;
}
