using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>What the hub's wishes are carried out with.</summary>
/// <param name="Switch">Finds what serves after a start.</param>
/// <param name="Installer">Installs bundles.</param>
/// <param name="Profiles">Carries out orders to profile.</param>
/// <param name="Log">What happens.</param>
internal sealed record AgentWork(SlotSwitch Switch, BundleInstaller Installer, ProfileRunner Profiles, ILogger Log);
