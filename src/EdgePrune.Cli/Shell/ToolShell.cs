using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What the tool sees of the world around it; tests give their own.</summary>
internal sealed record ToolShell
{
    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }
    /// <summary>Errors, logs and progress.</summary>
    public required TextWriter Error { get; init; }
    /// <summary>Whether a person watches: both streams are a terminal that understands escape codes.</summary>
    public bool IsInteractive { get; init; }
    /// <summary>Width of help screens and tables. <value>Default: 100.</value></summary>
    public int Width { get; init; } = 100;
    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>Value of an environment variable, or null.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>What trains models on samples: a process of its own, found or built when it is first needed.</summary>
    public Func<ToolShell, SampleReference, CancellationToken, Task<ITrainer>> OpenTrainer { get; init; } = OpenProcessAsync;

    /// <summary>The shell this process was started from.</summary>
    public static ToolShell OfThisProcess()
    {
        var isDumb = System.Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var wantsNoColor = !string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR"));
        return new ToolShell
        {
            Out = Console.Out,
            Error = Console.Error,
            IsInteractive = !Console.IsOutputRedirected && !Console.IsErrorRedirected && !wantsNoColor && (OperatingSystem.IsWindows() || !isDumb),
        };
    }

    private static async Task<ITrainer> OpenProcessAsync(ToolShell shell, SampleReference samples, CancellationToken cancellationToken) =>
        new ProcessTrainer(await TrainingProcess.FindAsync(shell, cancellationToken).ConfigureAwait(false), samples);
}
