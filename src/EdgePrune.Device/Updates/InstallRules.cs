using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>What decides which bundles this device installs.</summary>
/// <param name="Target">Name of the device's target.</param>
/// <param name="TrustedKeys">The keys, one of which must have signed.</param>
internal sealed record InstallRules(string Target, IReadOnlyList<TrustedKey> TrustedKeys);
