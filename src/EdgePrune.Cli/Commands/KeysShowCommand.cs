using System.CommandLine;

namespace EdgePrune.Cli;

/// <summary><c>keys show</c>: which key a file holds.</summary>
internal sealed class KeysShowCommand : VerbCommand
{
    private readonly Argument<string> _path = new("key") { Description = "A private or public key file (PEM)." };

    public KeysShowCommand(ToolShell shell)
        : base(shell, "show", "Show the id of a key, as bundles and devices name it.", "edgeprune keys show release.pub.pem") => Add(_path);

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_path);
        var key = KeyFiles.ReadPublic(path);
        var isPrivate = File.ReadAllText(path).Contains("PRIVATE KEY", StringComparison.Ordinal);
        screen.Say($"{key.KeyId}  {(isPrivate ? "private" : "public")} ECDSA P-256 key");
        screen.Json(new KeyResult(path, key.KeyId, isPrivate), CliJson.Default.KeyResult);
        return Task.FromResult(ExitCodes.Done);
    }
}
