using System.Diagnostics;
using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Cli.Tests;

/// <summary>The script run by a shell whose <c>apt-get</c> and <c>id</c> are stand-ins, with settings in a folder of the test.</summary>
public sealed class InstallScriptTests : IDisposable
{
    private readonly WorkFolder _folder = new();
    private readonly SigningKey _key = SigningKey.Create();

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Script_OnABoard_WritesSettingsAndInstallsThePackage()
    {
        var (code, output) = await RunAsync(Setup("secret-token"));

        Assert.Equal((0, "installed\n"), (code, output));
        Assert.Equal(_key.Public.KeyId, TrustedKey.FromPem(Read(AgentSettings.KeyFile)).KeyId);
        Assert.Equal("EDGEPRUNE_TOKEN=secret-token\n", Read("agent.env"));
        Assert.Equal($"install -y --no-install-recommends --reinstall {_folder["agent.deb"]}\n", await File.ReadAllTextAsync(_folder["apt.log"], TestContext.Current.CancellationToken));
        Assert.Equal("https://hub.test/it's", JsonDocument.Parse(Read("agent.json")).RootElement.GetProperty("hub").GetString());
    }

    [Fact]
    public async Task Script_Token_IsInOneFileThatOnlyRootReads()
    {
        await RunAsync(Setup("secret-token"));

        var holders = Directory.EnumerateFiles(_folder["settings"]).Where(f => File.ReadAllText(f).Contains("secret-token", StringComparison.Ordinal)).ToList();
        Assert.Equal([Path.Combine(_folder["settings"], "agent.env")], holders);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(holders[0]));
            Assert.True(File.GetUnixFileMode(Path.Combine(_folder["settings"], "agent.json")).HasFlag(UnixFileMode.OtherRead));
        }
    }

    [Fact]
    public async Task Script_RunAgainWithoutAToken_KeepsTheTokenAndChangesTheRest()
    {
        await RunAsync(Setup("secret-token"));
        await RunAsync(Setup(name: "moved"));

        Assert.Contains("secret-token", Read("agent.env"), StringComparison.Ordinal);
        Assert.Contains("\"moved\"", Read("agent.json"), StringComparison.Ordinal);
        Assert.Equal(["agent.env", "agent.json", AgentSettings.KeyFile], Directory.EnumerateFiles(_folder["settings"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Script_WithoutRoot_ChangesNothing()
    {
        var (code, _) = await RunAsync(Setup(), user: "1000");

        Assert.Equal(1, code);
        Assert.False(Directory.Exists(_folder["settings"]));
    }

    [Fact]
    public async Task Script_PackageThatCannotBeInstalled_EndsWithAnError()
    {
        var (code, output) = await RunAsync(Setup(), apt: "exit 100");

        Assert.NotEqual(0, code);
        Assert.Equal("", output);
    }

    [Fact]
    public void Settings_AreThoseOfTheSchema()
    {
        var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sample.Folder, "..", "..", "packaging", "agent.schema.json"))).RootElement.GetProperty("properties");

        Assert.All(JsonDocument.Parse(Setup().Settings.ToJson()).RootElement.EnumerateObject(), p => Assert.True(schema.TryGetProperty(p.Name, out _), p.Name));
    }

    [Theory]
    [InlineData("a b", "https://hub.test", null)]
    [InlineData("$(id)", "https://hub.test", null)]
    [InlineData("n", "ftp://hub.test", null)]
    [InlineData("n", "https://hub.test", "")]
    [InlineData("n", "https://hub.test", "a\nEDGEPRUNE_END\nid")]
    [InlineData("n", "https://hub.test", "a b")]
    public void Validate_WhatWouldChangeTheScript_IsAFault(string name, string hub, string? token) =>
        Assert.Single(Setup(token, name, hub).Validate());

    private BoardSetup Setup(string? token = null, string name = "door-1", string hub = "https://hub.test/it's") =>
        new(new AgentSettings { Hub = new Uri(hub), Name = name, Target = "raspberry-pi-4" }, _key.Public, token);

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder["settings"], name));

    private async Task<(int Code, string Output)> RunAsync(BoardSetup setup, string user = "0", string apt = "true")
    {
        Assert.Empty(setup.Validate());
        await File.WriteAllTextAsync(_folder["agent.deb"], "package");
        Directory.CreateDirectory(_folder["bin"]);
        FakeProgram.WriteScript(_folder, $"#!/bin/sh\necho {user}", "bin/id");
        // Whoever reads the input takes the rest of the script.
        FakeProgram.WriteScript(_folder, $"#!/bin/sh\ncat > /dev/null\necho \"$@\" > '{_folder["apt.log"]}'\necho chatter\n{apt}", "bin/apt-get");
        // As over SSH: the script is the shell's input.
        var start = new ProcessStartInfo("/bin/sh", ["-s", "--", _folder["agent.deb"], _folder["settings"]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(InstallScript.For(setup));
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        await error;
        return (process.ExitCode, await output);
    }
}
