using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

/// <summary>A self-test that does what the test says.</summary>
internal sealed class FakeSelfTest : ISelfTest
{
    public List<string> Models { get; } = [];
    /// <summary>Called with the number of the run, from 1, and the model; throws to fail.</summary>
    public Action<int, string> Run { get; set; } = (_, _) => { };

    public Task RunAsync(SelfTestOrder order, CancellationToken ct)
    {
        Models.Add(order.ModelPath);
        Run(Models.Count, order.ModelPath);
        return Task.CompletedTask;
    }

    public static DeviceException Failure() => new(ErrorCode.SelfTestFailed, "The output differs.");
}
