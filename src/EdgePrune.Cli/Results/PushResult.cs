namespace EdgePrune.Cli;

/// <summary>What <c>push</c> did, for machines.</summary>
/// <param name="Device">Name or id of the device.</param>
/// <param name="Name">Name of the model line.</param>
/// <param name="Version">Version of the bundle.</param>
/// <param name="Revision">Revision of the device's desired state.</param>
/// <param name="IsInstalled">Whether the device reported that it runs the bundle; false when nobody waited.</param>
internal sealed record PushResult(string Device, string Name, long Version, long Revision, bool IsInstalled);
