namespace EdgePrune.Cli.Tests;

/// <summary>The verb <c>device install</c>, with scripts in the place of <c>ssh</c> and <c>scp</c>.</summary>
public sealed class DeviceInstallTests : IDisposable
{
    private readonly WorkFolder _folder = new();
    private readonly RunningTool _tool = new();

    public DeviceInstallTests() => _folder.Write("edgeprune-agent_0.1.0_arm64.deb", [1, 2, 3]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Install_WithoutSsh_PrintsThreeLinesAndWritesTheScript()
    {
        var code = await RunAsync("--token", "secret-token", "-o", _folder["install.sh"]);

        Assert.True(code == ExitCodes.Done, _tool.Error);
        Assert.Equal(3, _tool.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("secret-token", _tool.Out, StringComparison.Ordinal);
        var script = await File.ReadAllTextAsync(_folder["install.sh"], TestContext.Current.CancellationToken);
        Assert.Contains("secret-token", script, StringComparison.Ordinal);
        Assert.Contains("PUBLIC KEY", script, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", script, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["install.sh"]));
        }
    }

    [Fact]
    public async Task Install_OutputThatExists_IsKept()
    {
        _folder.Write("install.sh", [7]);

        Assert.Equal(ExitCodes.Input, await RunAsync("-o", _folder["install.sh"]));
        Assert.Equal([7], await File.ReadAllBytesAsync(_folder["install.sh"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Install_OverSsh_CopiesThePackageAndRunsTheScript()
    {
        FakeSsh("enrolled");
        _tool.Environment[HubCommand.EnrolmentVariable] = "secret-token";

        var code = await RunAsync("--ssh", "pi@board", "--json");

        Assert.True(code == ExitCodes.Done, _tool.Error);
        Assert.Equal("enrolled", _tool.Json.GetProperty("state").GetString());
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(_folder["copied"], TestContext.Current.CancellationToken));
        Assert.Contains("secret-token", await File.ReadAllTextAsync(_folder["input"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var arguments = await File.ReadAllTextAsync(_folder["arguments"], TestContext.Current.CancellationToken);
        Assert.Contains("-o ConnectTimeout=15 -- pi@board dpkg --print-architecture", arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_BoardThatIsAway_IsADeviceErrorWithItsReason()
    {
        _tool.Environment[SshBoard.SshVariable] = FakeProgram.WriteScript(_folder, "#!/bin/sh\necho 'No route to host' >&2\nexit 255", "ssh");

        Assert.Equal(ExitCodes.Device, await RunAsync("--ssh", "pi@board"));
        Assert.Contains("EP6005", _tool.Error, StringComparison.Ordinal);
        Assert.Contains("No route to host", _tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_NoSshProgram_SaysWhatToDo()
    {
        _tool.Environment[SshBoard.SshVariable] = _folder["nothing"];

        Assert.Equal(ExitCodes.Input, await RunAsync("--ssh", "pi@board"));
        Assert.Contains("recipe", _tool.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ssh", "-oProxyCommand=id")]
    [InlineData("--ssh", "pi@board rm")]
    [InlineData("--hub", "nonsense")]
    [InlineData("--name", "a b")]
    [InlineData("--target", "toaster")]
    [InlineData("--package", "missing_arm64.deb")]
    public async Task Install_BadInput_IsRefused(string option, string value)
    {
        _tool.Environment[SshBoard.SshVariable] = FakeProgram.WriteScript(_folder, $"#!/bin/sh\ntouch '{_folder["called"]}'", "ssh");

        Assert.Equal(ExitCodes.Input, await RunAsync(option, value));
        Assert.False(File.Exists(_folder["called"]));
    }

    private async Task<int> RunAsync(params string[] more)
    {
        await new RunningTool().RunAsync("keys", "create", _folder["key.pem"]);
        Dictionary<string, string> options = new()
        {
            ["--package"] = _folder["edgeprune-agent_0.1.0_arm64.deb"],
            ["--hub"] = "https://hub.test",
            ["--name"] = "door-1",
            ["--target"] = "raspberry-pi-4",
            ["--trust"] = _folder["key.pem"],
        };
        var replaced = more.Where(options.ContainsKey).ToList();
        return await _tool.RunAsync(["device", "install", .. options.Where(o => !replaced.Contains(o.Key)).SelectMany(o => new[] { o.Key, o.Value }), .. more]);
    }

    private void FakeSsh(string state)
    {
        _tool.Environment[SshBoard.SshVariable] = FakeProgram.WriteScript(_folder, $"""
            #!/bin/sh
            echo "$@" >> '{_folder["arguments"]}'
            case "$*" in
              *--print-architecture) echo arm64 ;;
              *mktemp*) echo /tmp/tmp.Abc123 ;;
              *'sh -s'*) cat > '{_folder["input"]}'; echo {state} ;;
            esac
            """, "ssh");
        _tool.Environment[SshBoard.ScpVariable] = FakeProgram.WriteScript(_folder, $"""
            #!/bin/sh
            echo "$@" >> '{_folder["arguments"]}'
            [ "$6" = pi@board:/tmp/tmp.Abc123/agent.deb ] && cp "$5" '{_folder["copied"]}'
            """, "scp");
    }
}
