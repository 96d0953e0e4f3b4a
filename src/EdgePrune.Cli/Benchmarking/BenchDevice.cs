using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>A device of a bench, as the hub knows it. Asked once: a hub that does not answer is not waited for again with every cell.</summary>
/// <param name="hub">The hub.</param>
/// <param name="name">Name or id of the device.</param>
internal sealed class BenchDevice(HubOperator hub, string name)
{
    private Task<DeviceInfo>? _info;

    /// <summary>Name or id of the device.</summary>
    public string Name => name;

    /// <summary>What the hub knew of it before the bench.</summary>
    /// <exception cref="NetworkException">The hub does not answer, or knows no such device.</exception>
    public Task<DeviceInfo> FindAsync(CancellationToken cancellationToken) => _info ??= AskAsync(cancellationToken);

    /// <summary>A device tells its fingerprint only in a report; its identity and its agent stand for it.</summary>
    /// <exception cref="NetworkException">The hub does not answer, or knows no such device.</exception>
    public async Task<string> IdentityAsync(CancellationToken cancellationToken)
    {
        var info = await FindAsync(cancellationToken).ConfigureAwait(false);
        return $"{info.DeviceId} {info.Target} {info.AgentVersion}";
    }

    private async Task<DeviceInfo> AskAsync(CancellationToken cancellationToken)
    {
        var devices = await hub.ListDevicesAsync(cancellationToken).ConfigureAwait(false);
        return devices.FirstOrDefault(d => d.DeviceId == name) ?? devices.FirstOrDefault(d => d.Name == name)
            ?? throw new NetworkException(ErrorCode.UnknownDevice, $"The hub knows no device '{name}'. Correct the name in --device, or enroll it.");
    }
}
