using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>The hub did not answer, or asked to come back later: trying again may help.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="retryAfter">How long the hub asked to wait, or null.</param>
/// <param name="inner">The cause, if any.</param>
internal sealed class HubUnavailableException(string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : EdgePruneException(ErrorCode.HubUnreachable, message, inner)
{
    /// <summary>How long the hub asked to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
