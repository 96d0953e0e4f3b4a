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

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "EdgePrune.Device.dll"));
        foreach (var argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
