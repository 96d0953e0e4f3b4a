using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>How the tool ends, for scripts (docs/cli.md).</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Done = 0;
    /// <summary>An error that nobody foresaw.</summary>
    public const int Internal = 1;
    /// <summary>The command line, a file or the samples are wrong.</summary>
    public const int Input = 2;
    /// <summary>The model cannot be used.</summary>
    public const int Model = 3;
    /// <summary>The network or the hub failed.</summary>
    public const int Network = 4;
    /// <summary>A bundle or key was refused.</summary>
    public const int Bundle = 5;
    /// <summary>The device or a measurement failed.</summary>
    public const int Device = 6;
    /// <summary>No candidate meets the budget.</summary>
    public const int Infeasible = 7;
    /// <summary>Training diverged; the last good weights were written.</summary>
    public const int Diverged = 8;
    /// <summary>The user stopped it.</summary>
    public const int Cancelled = 130;

    /// <summary>The exit code of an error.</summary>
    /// <param name="code">The error's number; its thousands say who must act.</param>
    public static int Of(ErrorCode code) => ((int)code / 1000) switch
    {
        1 or 3 => Input,
        2 => Model,
        4 => Network,
        5 => Bundle,
        6 or 7 => Device,
        _ => Internal,
    };
}
