namespace EdgePrune.Contracts.Tests;

public sealed class UnitTests
{
    public static TheoryData<string> Hostile =>
    [
        "", " ", ".", "-", "+1 s", "-5 ms", "-5 B", "-5 J", "NaN", "NaN s", "NaN B", "NaN J", "NaN %", "Infinity s", "Infinity B", "Infinity J", "Infinity %", "-Infinity B", "\u221E s", "\u221E B",
        "1e999 s", "1e999 B", "1e3 B", "1,5 s", "1,5 B", "\u0661\u0662 s", "\uFF11\uFF12 B", "0x10 B", "1 2 s", "ms", "MiB", "J", "%", "5 hours", "5 PB", "5 kJ", "1 s s", "\0", "5\0s", "\ud800",
    ];

    [Theory]
    [InlineData(null)]
    [MemberData(nameof(Hostile))]
    public void TryParse_HostileText_IsNeitherSizeNorDurationNorEnergyNorLimit(string? text)
    {
        Assert.False(ByteSize.TryParse(text, out _));
        Assert.False(Durations.TryParse(text, out _));
        Assert.False(Energy.TryParse(text, out _));
        Assert.False(Limit.TryParse(text, out var limit));
        Assert.Null(limit);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1024", 1024)]
    [InlineData("1B", 1)]
    [InlineData("1.5 KiB", 1536)]
    [InlineData(" 64 MiB ", 64L << 20)]
    [InlineData("64mib", 64L << 20)]
    [InlineData("2 GiB", 2L << 30)]
    [InlineData("500 kB", 500_000)]
    [InlineData("1.5MB", 1_500_000)]
    [InlineData("1 GB", 1_000_000_000)]
    [InlineData(".5 kB", 500)]
    public void ByteSize_Text_IsRead(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("9999999999 GiB")]
    public void ByteSize_BeyondItsRange_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1_688_207, "1.61 MiB")]
    [InlineData(3L << 30, "3 GiB")]
    public void ByteSize_Prints_WithABinaryUnit(long bytes, string text) => Assert.Equal(text, new ByteSize(bytes).ToString());

    [Theory]
    [InlineData("0 s", 0)]
    [InlineData("85 us", 850)]
    [InlineData("0.1us", 1)]
    [InlineData("1.5ms", 15_000)]
    [InlineData("2 s", 20_000_000)]
    public void Duration_Text_IsRead(string text, long ticks)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(ticks, duration.Ticks);
    }

    [Theory]
    [InlineData("50")]
    [InlineData("1 m")]
    [InlineData("10000000000 s")]
    [InlineData("50 MS")]
    public void Duration_WithoutKnownUnitOrBeyondItsRange_IsRefused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 us")]
    [InlineData(852, "85.2 us")]
    [InlineData(10_000, "1 ms")]
    [InlineData(12_345_678, "1.23 s")]
    [InlineData(-852, "-85.2 us")]
    public void Duration_Prints_WithItsUnit(long ticks, string text) => Assert.Equal(text, Durations.Print(TimeSpan.FromTicks(ticks)));

    [Theory]
    [InlineData("0.5 J", 0.5, "500 mJ")]
    [InlineData("30mJ", 0.03, "30 mJ")]
    [InlineData("800 uJ", 0.0008, "800 uJ")]
    [InlineData("1.2346 J", 1.2346, "1.235 J")]
    [InlineData("0 J", 0, "0 uJ")]
    public void Energy_Text_IsReadAndPrinted(string text, double joules, string printed)
    {
        Assert.True(Energy.TryParse(text, out var energy));
        Assert.Equal(joules, energy.Joules, 1e-15);
        Assert.Equal(printed, energy.ToString());
    }

    [Fact]
    public void Comparisons_FollowTheAmount()
    {
        Assert.True(new ByteSize(1) < new ByteSize(2) && new ByteSize(2) >= new ByteSize(2) && !(new ByteSize(2) <= new ByteSize(1)) && new ByteSize(2) > new ByteSize(1));
        Assert.True(new Energy(1) < new Energy(2) && new Energy(2) >= new Energy(2) && !(new Energy(2) <= new Energy(1)) && new Energy(2) > new Energy(1));
    }
}
