using EdgePrune.Contracts;

namespace EdgePrune.Cli.Tests;

public sealed class BoardInstallerTests
{
    private const string Package = "out/edgeprune-agent_0.1.0_arm64.deb";
    private const string Script = "the script with its token";

    [Fact]
    public async Task Run_ABoard_CopiesRunsAndClearsUp()
    {
        var board = new FakeBoard();

        Assert.Equal("enrolled", await InstallAsync(board));

        Assert.Equal(
            ["dpkg --print-architecture", "mktemp -d", $"copy {Package} /tmp/tmp.Abc123/agent.deb", board.Commands[3], "rm -rf /tmp/tmp.Abc123"],
            board.Commands);
        Assert.Contains("sudo -n sh -s -- /tmp/tmp.Abc123/agent.deb", board.Commands[3], StringComparison.Ordinal);
        Assert.Equal(Script, board.Input);
        Assert.DoesNotContain(board.Commands, c => c.Contains("token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("amd64\n")]
    [InlineData("armhf\n")]
    [InlineData("")]
    public async Task Run_BoardOfAnotherProcessor_IsRefusedBeforeAnythingIsCopied(string architecture)
    {
        var board = new FakeBoard { Architecture = architecture };

        await Assert.ThrowsAnyAsync<EdgePruneException>(() => InstallAsync(board));

        Assert.Single(board.Commands);
    }

    [Theory]
    [InlineData("Welcome!\n/tmp/tmp.Abc123\n")]
    [InlineData("/tmp/a; rm -rf /\n")]
    [InlineData("/tmp/$(id)\n")]
    [InlineData("")]
    public async Task Run_FolderThatIsNoPlainPath_ReachesNoCommand(string folder)
    {
        var board = new FakeBoard { Folder = folder };

        var error = await Assert.ThrowsAsync<DeviceException>(() => InstallAsync(board));

        Assert.Equal(ErrorCode.InstallFailed, error.Code);
        Assert.Equal(2, board.Commands.Count);
    }

    [Fact]
    public async Task Run_ScriptFails_StillClearsUp()
    {
        var board = new FakeBoard { Broken = "sh -s" };

        await Assert.ThrowsAsync<DeviceException>(() => InstallAsync(board));

        Assert.Equal("rm -rf /tmp/tmp.Abc123", board.Commands[^1]);
    }

    [Fact]
    public async Task Run_ClearingUpFails_IsNoFailureOfTheInstallation() =>
        Assert.Equal("enrolled", await InstallAsync(new FakeBoard { Broken = "rm -rf" }));

    [Theory]
    [InlineData("")]
    [InlineData("enrolled\nand then it broke\n")]
    public async Task Run_ScriptThatBreaksOff_IsAFailure(string output) =>
        await Assert.ThrowsAsync<DeviceException>(() => InstallAsync(new FakeBoard { LastLine = output }));

    private static Task<string> InstallAsync(FakeBoard board) => new BoardInstaller(board).RunAsync(Package, Script, TestContext.Current.CancellationToken);
}
