using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary><c>bundle sign</c>: adds a signature, as when keys are rotated or two people release.</summary>
internal sealed class BundleSignCommand : VerbCommand
{
    private readonly Argument<string> _bundle = new("bundle") { Description = "The bundle (.epb)." };
    private readonly Option<string> _key = new("--key") { Description = "Private key file.", HelpName = "KEY", Required = true };
    private readonly OutputOptions _output;

    public BundleSignCommand(ToolShell shell)
        : base(shell, "sign", "Add the signature of another key to a bundle; what was signed stays the same, byte for byte.",
            "edgeprune bundle sign model.epb --key second.pem --output model.signed-twice.epb")
    {
        Add(_bundle);
        Add(_key);
        _output = new OutputOptions(this, "The file to write. Default: <bundle>.signed.epb.");
    }

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_bundle);
        var output = _output.PathOr(parse, OutputOptions.Beside(path, ".signed.epb"));
        var bundle = BundleFiles.Read(path);
        using var key = KeyFiles.ReadPrivate(parse.GetRequiredValue(_key));
        var signed = bundle with { Manifest = WithSignature(bundle.Manifest, key) };
        WholeFile.Write(output, signed.Write);
        screen.Say($"{output}: signed by {string.Join(", ", signed.Manifest.Signatures.Select(s => s.KeyId))}.");
        screen.Json(BundleResult.Of(signed, key.Public.KeyId), CliJson.Default.BundleResult);
        return Task.FromResult(ExitCodes.Done);
    }

    private static SignedManifest WithSignature(SignedManifest manifest, SigningKey key)
    {
        var others = manifest.Signatures.Where(s => s.KeyId != key.Public.KeyId).ToList();
        return others.Count < ProtocolLimits.MaxSignatures
            ? manifest with { Signatures = [.. others, new ManifestSignature(key.Public.KeyId, key.Sign(manifest.Payload))] }
            : throw new BundleException(ErrorCode.InvalidBundle, $"The bundle has {others.Count} signatures, the most there can be. Pack it again with the keys you need.");
    }
}
