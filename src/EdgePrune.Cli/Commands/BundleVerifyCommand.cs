using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary><c>bundle verify</c>: what a device checks before it installs.</summary>
internal sealed class BundleVerifyCommand : VerbCommand
{
    private readonly Argument<string> _bundle = new("bundle") { Description = "The bundle (.epb)." };
    private readonly Option<string[]> _trust = new("--trust") { Description = "Public key file that is trusted; may be repeated.", HelpName = "KEY", Required = true };
    private readonly TargetOption _target;

    public BundleVerifyCommand(ToolShell shell)
        : base(shell, "verify", "Check a bundle as a device does: hashes, signature, expiry and, with --target, whom it is for.",
            "edgeprune bundle verify model.epb --trust release.pub.pem --target raspberry-pi-4")
    {
        Add(_bundle);
        Add(_trust);
        _target = new TargetOption(this);
    }

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var bundle = BundleFiles.Read(parse.GetRequiredValue(_bundle));
        var trusted = parse.GetRequiredValue(_trust).Select(KeyFiles.ReadPublic).ToList();
        var manifest = ManifestSignatures.Verify(bundle.Manifest, trusted);
        ManifestRules.RequireInstallable(manifest, _target.Find(parse)?.Name ?? manifest.Targets[0], highestVersion: 0, screen.Shell.Clock.GetUtcNow());
        // One of them is good, or Verify had thrown.
        var verifiedBy = trusted.First(k => bundle.Manifest.Signatures.Any(s => s.KeyId == k.KeyId && k.Verify(bundle.Manifest.Payload, s.Signature))).KeyId;
        var result = BundleResult.Of(bundle, verifiedBy);
        screen.Say($"Good: '{manifest.Name}' version {manifest.Version}, signed by key {verifiedBy}, for {string.Join(", ", manifest.Targets)}, until {manifest.ExpiresAt:u}.");
        screen.Json(result, CliJson.Default.BundleResult);
        return Task.FromResult(ExitCodes.Done);
    }
}
