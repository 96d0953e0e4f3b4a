using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>Runs a model before it serves.</summary>
internal interface ISelfTest
{
    /// <summary>Loads the model, runs the bundle's input and compares with the bundle's output.</summary>
    /// <param name="order">What to run.</param>
    /// <param name="ct">Stops the test.</param>
    /// <exception cref="DeviceException">The model failed, crashed or took too long.</exception>
    Task RunAsync(SelfTestOrder order, CancellationToken ct);
}
