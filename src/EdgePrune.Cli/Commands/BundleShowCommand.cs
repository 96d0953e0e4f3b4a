using System.CommandLine;
using System.Globalization;
using EdgePrune.Contracts;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary><c>bundle show</c>: what a bundle says of itself.</summary>
internal sealed class BundleShowCommand : VerbCommand
{
    private readonly Argument<string> _bundle = new("bundle") { Description = "The bundle (.epb)." };

    public BundleShowCommand(ToolShell shell)
        : base(shell, "show", "Show what a bundle says of itself. Its signature is not checked: use 'bundle verify' for that.", "edgeprune bundle show model.epb") => Add(_bundle);

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var bundle = BundleFiles.Read(parse.GetRequiredValue(_bundle));
        var result = BundleResult.Of(bundle, verifiedBy: null);
        Print(screen, result);
        screen.Json(result, CliJson.Default.BundleResult);
        return Task.FromResult(ExitCodes.Done);
    }

    /// <summary>Prints a bundle for people.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="result">The bundle.</param>
    public static void Print(Screen screen, BundleResult result)
    {
        var manifest = result.Manifest;
        screen.Say(string.Create(CultureInfo.InvariantCulture, $"{manifest.Name} version {manifest.Version} for {string.Join(", ", manifest.Targets)}"));
        screen.Say($"made {manifest.CreatedAt:u}, expires {manifest.ExpiresAt:u}");
        screen.Say($"signed by {string.Join(", ", result.SignedBy)}");
        var table = new Table().AddColumns("Blob", "Size", "SHA-256");
        foreach (var blob in manifest.Blobs)
        {
            table.AddRow(blob.Role, new ByteSize(blob.Length).ToString(), blob.Sha256);
        }

        screen.Show(table);
        foreach (var (name, value) in manifest.Notes)
        {
            screen.Say($"{name}: {value}");
        }
    }
}
