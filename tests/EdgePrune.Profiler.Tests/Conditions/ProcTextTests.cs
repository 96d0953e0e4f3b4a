namespace EdgePrune.Profiler.Tests;

public sealed class ProcTextTests
{
    private const string Status = "Name:\tdotnet\nVmPeak:\t  300000 kB\nVmHWM:\t   80000 kB\nVmRSS:\t   70000 kB\nRssAnon:\t   20000 kB\nRssFile:\t   50000 kB\nRssShmem:\t       0 kB\n";

    [Fact]
    public void ParseMemory_OfARealStatus_ReadsFourValues() =>
        Assert.Equal(new ProcessMemory(70000L * 1024, 80000L * 1024, 20000L * 1024, 50000L * 1024), ProcessMemory.Parse(Status));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("VmHWM")]
    [InlineData("VmHWM:\t80000\nVmRSS:\t1 kB\nRssAnon:\t1 kB\nRssFile:\t1 kB")]
    [InlineData("VmHWM:\t-5 kB\nVmRSS:\t1 kB\nRssAnon:\t1 kB\nRssFile:\t1 kB")]
    [InlineData("VmHWM:\t99999999999999999999 kB\nVmRSS:\t1 kB\nRssAnon:\t1 kB\nRssFile:\t1 kB")]
    [InlineData("VmHWM:\t9223372036854775807 kB\nVmRSS:\t1 kB\nRssAnon:\t1 kB\nRssFile:\t1 kB")]
    [InlineData("VmHWM:\t1 kB\nVmRSS:\t1 kB\nRssAnon:\t1 kB")]
    public void ParseMemory_OfDamagedText_IsNull(string? status) => Assert.Null(ProcessMemory.Parse(status));

    [Theory]
    [InlineData("some avg10=4.76 avg60=1.30 avg300=0.50 total=6254046\nfull avg10=9.00 avg60=0.00 avg300=0.00 total=0", 4.76)]
    [InlineData("full avg10=9.00\nsome avg10=0.00", 0.0)]
    [InlineData("some avg10=NaN", null)]
    [InlineData("some avg10=-1", null)]
    [InlineData("some avg10=1e9", null)]
    [InlineData("some", null)]
    [InlineData("\0\0\0", null)]
    [InlineData(null, null)]
    public void Pressure_OfText_IsTheTenSecondMean(string? text, double? expected) => Assert.Equal(expected, ProcText.Pressure(text));

    [Theory]
    [InlineData("0.18 0.07 0.01 2/86 4638", 0.18)]
    [InlineData("", null)]
    [InlineData("high", null)]
    public void LoadAverage_OfText_IsTheFirstNumber(string text, double? expected) => Assert.Equal(expected, ProcText.LoadAverage(text));

    [Theory]
    [InlineData("processor\t: 0\nmodel name\t: AMD EPYC\ncpu MHz\t\t: 2596.118\n", "AMD EPYC", 2596.118)]
    [InlineData("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\nModel\t\t: Raspberry Pi 4", "ARM Cortex-A72", null)]
    [InlineData("CPU implementer\t: 0x51\nCPU part\t: 0x802", "implementer 0x51 part 0x802", null)]
    [InlineData("model name\t:\n", null, null)]
    [InlineData("::::", null, null)]
    public void Processor_OfCpuInfo_IsNamed(string text, string? name, double? clock)
    {
        Assert.Equal(name, ProcText.Processor(text));
        Assert.Equal(clock, ProcText.ClockMhz(text));
    }

    [Theory]
    [InlineData("throttled=0x0", 0u)]
    [InlineData("throttled=0x50005", 0x50005u)]
    [InlineData("throttled=50005", null)]
    [InlineData("throttled=0x", null)]
    [InlineData("throttled=0xFFFFFFFFF", null)]
    [InlineData("error=1 error_msg=\"Command not registered\"", null)]
    [InlineData(null, null)]
    public void ThrottledFlags_OfText_AreBits(string? text, uint? bits) => Assert.Equal(bits, ThrottledFlags.Parse(text));

    [Theory]
    [InlineData(0x0u, 0x0u, "")]
    [InlineData(0x50000u, 0x50000u, "")]
    [InlineData(0x0u, 0x40000u, "throttled")]
    [InlineData(0x10001u, 0x10000u, "under-voltage")]
    [InlineData(0x0u, 0x80008u, "soft temperature limit")]
    [InlineData(0x0u, 0x60002u, "frequency capped,throttled")]
    public void During_CountsOnlyWhatTheRunAdded(uint before, uint after, string expected) =>
        Assert.Equal(expected, string.Join(",", ThrottledFlags.During(before, after)!));

    [Fact]
    public void During_WithoutFirmware_IsUnknownAndNotEmpty() => Assert.Null(ThrottledFlags.During(null, 0));
}
