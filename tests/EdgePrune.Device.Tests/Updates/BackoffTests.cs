namespace EdgePrune.Device.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void Next_ManyFailures_GrowsAtRandomUpToItsCeiling()
    {
        var backoff = new Backoff(TimeProvider.System, new Random(3));
        var waits = Enumerable.Range(0, 200).Select(_ => backoff.Next(null)).ToList();

        Assert.All(waits.Select((wait, failures) => (wait, failures)), w => Assert.InRange(w.wait, TimeSpan.Zero, TimeSpan.FromSeconds(Math.Min(900, 2 * Math.Pow(2, w.failures)))));
        Assert.InRange(waits.Skip(20).Average(w => w.TotalSeconds), 350, 550);
        Assert.True(waits.Distinct().Count() > 190);
    }

    [Fact]
    public void Next_AfterSuccess_StartsAgain()
    {
        var backoff = new Backoff(TimeProvider.System, new Random(3));
        for (var i = 0; i < 10; i++)
        {
            backoff.Next(null);
        }

        backoff.Reset();

        Assert.True(backoff.Next(null) <= TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(120, 120)]
    [InlineData(86_400, 3_600)]
    public void Next_RetryAfter_IsHonouredUpToAnHour(int asked, int least) =>
        Assert.Equal(TimeSpan.FromSeconds(least), new Backoff(TimeProvider.System, new Random(3)).Next(TimeSpan.FromSeconds(asked)));

    [Fact]
    public void Next_NegativeRetryAfter_IsIgnored() =>
        Assert.True(new Backoff(TimeProvider.System, new Random(3)).Next(TimeSpan.FromSeconds(-5)) >= TimeSpan.Zero);
}
