namespace EdgePrune.Profiler;

/// <summary>The firmware of a Raspberry Pi, which answers short text commands.</summary>
internal interface IFirmware
{
    /// <summary>The answer to a command such as <c>get_throttled</c>, or null when there is no such firmware.</summary>
    string? Ask(string command);
}
