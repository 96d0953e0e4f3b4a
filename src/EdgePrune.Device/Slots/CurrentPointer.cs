namespace EdgePrune.Device;

/// <summary>Which slot serves. Replacing this small file is the swap.</summary>
/// <param name="Slot">The slot's name: <c>a</c> or <c>b</c>.</param>
/// <param name="Identity">Identity of the bundle that must be in the slot.</param>
/// <param name="Confirmed">Whether the bundle passed its trial; an unconfirmed one is never served.</param>
/// <param name="TriesLeft">How often a trial may still be started; written before each start, so that a model that takes the machine down is given up.</param>
/// <param name="Revision">The desired revision that led here.</param>
internal sealed record CurrentPointer(string Slot, string Identity, bool Confirmed, int TriesLeft, long Revision);
