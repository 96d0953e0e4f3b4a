using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary><c>keys public</c>: the public half, which devices trust.</summary>
internal sealed class KeysPublicCommand : VerbCommand
{
    private readonly Argument<string> _path = new("key") { Description = "A private or public key file (PEM)." };
    private readonly OutputOptions _output;

    public KeysPublicCommand(ToolShell shell)
        : base(shell, "public", "Write the public half of a key, which devices are told to trust.",
            "edgeprune keys public release.pem --output release.pub.pem")
    {
        Add(_path);
        _output = new OutputOptions(this, "The file to write. Default: standard output.");
    }

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var key = KeyFiles.ReadPublic(parse.GetRequiredValue(_path));
        var output = _output.Named(parse);
        if (output is null)
        {
            screen.Say(key.ToPem());
        }
        else
        {
            WholeFile.Write(output, key.ToPem() + "\n");
            screen.Say($"Public key {key.KeyId} written to {output}.");
        }

        screen.Json(new KeyResult(output, key.KeyId, IsPrivate: false, key.ToPem()), CliJson.Default.KeyResult);
        return Task.FromResult(ExitCodes.Done);
    }
}
