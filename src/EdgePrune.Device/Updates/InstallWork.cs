using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>The later steps of an installation.</summary>
/// <param name="SelfTest">Runs a model before it serves.</param>
/// <param name="Switch">Swaps, tries and rolls back.</param>
/// <param name="Running">The model that serves.</param>
/// <param name="Log">Where refusals are reported.</param>
internal sealed record InstallWork(ISelfTest SelfTest, SlotSwitch Switch, RunningModel Running, ILogger Log);
