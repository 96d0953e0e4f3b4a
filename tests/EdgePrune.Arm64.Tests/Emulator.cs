using System.Diagnostics;

namespace EdgePrune.Arm64.Tests;

/// <summary>The agent for linux-arm64 and the emulator that runs it here, both made by <c>eng/arm64-tests.sh</c>.</summary>
internal static class Emulator
{
    private const string Program = "qemu-aarch64-static";

    // Where ./test says that the script put things, or why it could not.
    private static readonly string? Folder = Environment.GetEnvironmentVariable("EDGEPRUNE_ARM64");
    private static readonly string? Reason = Environment.GetEnvironmentVariable("EDGEPRUNE_ARM64_SKIP");

    /// <summary>The agent program.</summary>
    public static string Agent => Path.Combine(Folder!, "agent", "linux-arm64", "EdgePrune.Device");

    /// <summary>Skips the test, with the reason, where there is no emulator.</summary>
    public static void Require() => Assert.SkipWhen(
        string.IsNullOrEmpty(Folder),
        string.IsNullOrEmpty(Reason) ? "The ARM64 agent is not prepared; run ./test, or set EDGEPRUNE_ARM64 to the folder that eng/arm64-tests.sh prints." : Reason);

    /// <summary>The words before a program for ARM64 that let it run here on a core.</summary>
    /// <param name="core">Such as <c>cortex-a72</c>; its folder shows the program the processor that a board has.</param>
    public static string[] Launcher(string core) => [Program, "-L", Path.Combine(Folder!, "sysroot", core), "-cpu", core];

    /// <summary>How the agent is started on a core.</summary>
    /// <param name="core">The core.</param>
    /// <param name="arguments">The agent's arguments.</param>
    public static ProcessStartInfo Start(string core, params string[] arguments)
    {
        var launcher = Launcher(core);
        var start = new ProcessStartInfo(launcher[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in launcher.Skip(1).Append(Agent).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Runs a model on inputs with the agent's verb <c>infer</c>.</summary>
    /// <param name="core">The core.</param>
    /// <param name="model">The model's file.</param>
    /// <param name="inputs">The inputs, one after the other.</param>
    /// <returns>The outputs, one after the other.</returns>
    public static async Task<byte[]> InferAsync(string core, string model, ReadOnlyMemory<byte> inputs)
    {
        using var process = Process.Start(Start(core, "infer", model))!;
        var error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var outputs = process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.StandardInput.BaseStream.WriteAsync(inputs);
        process.StandardInput.Close();
        await outputs;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output.ToArray();
    }
}
