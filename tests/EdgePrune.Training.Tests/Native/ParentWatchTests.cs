using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Training.Tests;

/// <summary>A process whose parent is gone says so once.</summary>
public sealed class ParentWatchTests
{
    [Fact]
    public void Look_WhileTheParentLives_SaysNothing_AndOnceWhenItIsGone()
    {
        FakeTimeProvider clock = new();
        var (parent, calls) = (42, 0);
        using var watch = new ParentWatch(() => calls++, clock, () => parent);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, calls);
        parent = 1;
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, calls);
    }

    [Fact]
    public void Dispose_EndsTheWatch()
    {
        FakeTimeProvider clock = new();
        var (parent, calls) = (42, 0);
        new ParentWatch(() => calls++, clock, () => parent).Dispose();
        parent = 1;

        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, calls);
    }
}
