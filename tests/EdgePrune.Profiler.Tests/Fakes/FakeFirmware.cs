namespace EdgePrune.Profiler.Tests;

/// <summary>Firmware that answers from a table.</summary>
internal sealed class FakeFirmware(params (string Command, string Answer)[] answers) : IFirmware
{
    public string? Ask(string command) => answers.FirstOrDefault(a => a.Command == command).Answer;
}
