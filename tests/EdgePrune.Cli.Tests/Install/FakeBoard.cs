using EdgePrune.Contracts;

namespace EdgePrune.Cli.Tests;

/// <summary>A board that answers from a list and keeps what it was told.</summary>
internal sealed class FakeBoard : IBoard
{
    public string Name => "pi@board";

    public string Architecture { get; init; } = "arm64\n";

    public string Folder { get; init; } = "/tmp/tmp.Abc123\n";

    public string LastLine { get; init; } = "noise\nenrolled\n";

    /// <summary>The command that fails, by a part of it.</summary>
    public string? Broken { get; init; }

    public List<string> Commands { get; } = [];

    public string? Input { get; private set; }

    public Task<string> RunAsync(string command, string? input, CancellationToken cancellationToken)
    {
        Commands.Add(command);
        Input = input ?? Input;
        if (Broken is not null && command.Contains(Broken, StringComparison.Ordinal))
        {
            throw new DeviceException(ErrorCode.InstallFailed, "broken");
        }

        return Task.FromResult(command switch
        {
            "dpkg --print-architecture" => Architecture,
            "mktemp -d" => Folder,
            _ => command.Contains("sh -s", StringComparison.Ordinal) ? LastLine : "",
        });
    }

    public Task CopyAsync(string file, string path, CancellationToken cancellationToken)
    {
        Commands.Add($"copy {file} {path}");
        return Task.CompletedTask;
    }
}
