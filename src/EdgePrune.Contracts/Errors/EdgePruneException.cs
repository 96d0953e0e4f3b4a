namespace EdgePrune.Contracts;

/// <summary>
/// Root of every error EdgePrune reports on purpose. The message says what is wrong, where, what was expected
/// and what was found, and what to do; <see cref="Code"/> is stable across releases.
/// </summary>
/// <param name="code">The stable error number.</param>
/// <param name="message">What is wrong, where, expected and got, what to do; without the code.</param>
/// <param name="inner">The cause, if another exception led here.</param>
public class EdgePruneException(ErrorCode code, string message, Exception? inner = null)
    : Exception($"EP{(int)code:0000}: {message}", inner)
{
    /// <summary>The stable error number.</summary>
    public ErrorCode Code { get; } = code;
}

/// <summary>The model's author must act: the graph or its file is wrong.</summary>
/// <param name="code">The stable error number.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">The cause, if any.</param>
public sealed class ModelException(ErrorCode code, string message, Exception? inner = null)
    : EdgePruneException(code, message, inner);

/// <summary>The caller must act: an option, a path, a sample or a label is wrong.</summary>
/// <param name="code">The stable error number.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">The cause, if any.</param>
public sealed class InputException(ErrorCode code, string message, Exception? inner = null)
    : EdgePruneException(code, message, inner);

/// <summary>Whoever runs the network or the hub must act.</summary>
/// <param name="code">The stable error number.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">The cause, if any.</param>
public sealed class NetworkException(ErrorCode code, string message, Exception? inner = null)
    : EdgePruneException(code, message, inner);

/// <summary>A bundle was refused: whoever signs or ships it must act.</summary>
/// <param name="code">The stable error number.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">The cause, if any.</param>
public sealed class BundleException(ErrorCode code, string message, Exception? inner = null)
    : EdgePruneException(code, message, inner);

/// <summary>Whoever keeps the device must act, or the measurement on it failed.</summary>
/// <param name="code">The stable error number.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">The cause, if any.</param>
public sealed class DeviceException(ErrorCode code, string message, Exception? inner = null)
    : EdgePruneException(code, message, inner);
