using EdgePrune.Profiler;

namespace EdgePrune.Device.Tests;

public sealed class LauncherTests
{
    private static readonly MeasuringProgram Agent = new("dotnet", ["agent.dll"]);

    [Fact]
    public void Launched_NoWords_IsTheProgramItself() => Assert.Same(Agent, AgentSession.Launched(Agent, []));

    [Fact]
    public void Launched_Words_StartTheProgramWithItsArguments()
    {
        var launched = AgentSession.Launched(Agent, ["taskset", "-c", "3"]);

        Assert.Equal("taskset", launched.Executable);
        Assert.Equal(["-c", "3", "dotnet", "agent.dll"], launched.Arguments);
    }
}
