using System.Diagnostics;

namespace EdgePrune.Device.Tests;

/// <summary>The built program, started as a user starts it.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Help_ExitsWithZeroAndShowsAnExample()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal((int)ExitCode.Stopped, code);
        Assert.Contains("Example:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutOptions_ExitsWithTwoAndListsTheFaults()
    {
        var (code, _, error) = await RunAsync();

        Assert.Equal((int)ExitCode.InvalidOptions, code);
        Assert.Contains("EP1001", error, StringComparison.Ordinal);
        Assert.Contains("--hub is missing", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DataFolderInUse_ExitsWithFour()
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-program-").FullName;
        try
        {
            using var held = FolderLock.Take(folder);
            var key = Path.Combine(folder, "key.pem");
            await File.WriteAllTextAsync(key, Rig.Key.Public.ToPem());

            var (code, output, _) = await RunAsync("--hub", "http://127.0.0.1:9", "--name", "n", "--target", "t", "--token", "s", "--data", folder, "--trust", key);

            Assert.Equal((int)ExitCode.DataFolderUnusable, code);
            Assert.Contains("EP1106", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task HangUp_ReadsTheLogLevelAnewAndKeepsItWhenTheFileIsBroken() => await WithAgentAsync(async (process, config) =>
    {
        await File.WriteAllTextAsync(config, """{"logLevel":"debug"}""");
        await HangUpAsync(process);
        await SeeAsync(process, "The log level is Debug now");

        await File.WriteAllTextAsync(config, "{");
        await HangUpAsync(process);
        await SeeAsync(process, "the log level stays Debug");
    });

    [Fact]
    public async Task Start_WithoutAModel_LoadsNoOnnxRuntime() => await WithAgentAsync(async (process, _) =>
    {
        var libraries = await File.ReadAllTextAsync($"/proc/{process.Id}/maps");

        Assert.Contains("libcoreclr", libraries, StringComparison.Ordinal);
        Assert.DoesNotContain("libonnxruntime", libraries, StringComparison.Ordinal);
    });

    // An agent that has asked a hub that is not there.
    private static async Task WithAgentAsync(Func<Process, string, Task> use)
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-program-").FullName;
        try
        {
            var (key, config) = (Path.Combine(folder, "key.pem"), Path.Combine(folder, "agent.json"));
            await File.WriteAllTextAsync(key, Rig.Key.Public.ToPem());
            await File.WriteAllTextAsync(config, "{}");
            using var process = Start("--hub", "http://127.0.0.1:9", "--name", "n", "--target", "t", "--token", "s", "--data", Path.Combine(folder, "data"), "--trust", key, "--config", config);
            try
            {
                await SeeAsync(process, "EP4001");
                await use(process, config);
            }
            finally
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task HangUpAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-HUP", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static async Task SeeAsync(Process process, string part)
    {
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(line);
        }
        while (!line.Contains(part, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static Process Start(params string[] args)
    {
        // Under nohup a hang-up is ignored by whatever is started; the agent is to see it all the same.
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true, RedirectStandardError = true, ArgumentList = { "--default-signal=HUP", "dotnet" } };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "EdgePrune.Device.dll"));
        foreach (var argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
