using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary><c>keys create</c>: a new private key for signing bundles.</summary>
internal sealed class KeysCreateCommand : VerbCommand
{
    private readonly Argument<string> _path = new("key") { Description = "The file to write: PEM, readable by its owner only. It must not exist." };

    public KeysCreateCommand(ToolShell shell)
        : base(shell, "create", "Create a private key (ECDSA P-256) that bundles are signed with. Keep it secret and keep a copy.",
            "edgeprune keys create release.pem\nedgeprune keys public release.pem --output release.pub.pem") => Add(_path);

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_path);
        using var key = SigningKey.Create();
        KeyFiles.WriteNewPrivate(path, key);
        screen.Say($"Private key written to {path} (key {key.Public.KeyId}).");
        screen.Say($"Next: edgeprune keys public {path} --output release.pub.pem, and give that file to your devices.");
        screen.Json(new KeyResult(path, key.Public.KeyId, IsPrivate: true), CliJson.Default.KeyResult);
        return Task.FromResult(ExitCodes.Done);
    }
}
