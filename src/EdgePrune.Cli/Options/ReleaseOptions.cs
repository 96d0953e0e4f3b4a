using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Under which name, version and key a model is released.</summary>
internal sealed class ReleaseOptions
{
    private readonly Option<string?> _key;
    private readonly Option<string?> _name = new("--name") { Description = "Name of the model line; versions grow within one name. Default: the file's.", HelpName = "NAME" };
    private readonly Option<long?> _version = new("--version-number") { Description = "Version of the (first) bundle. Default: one above the last that was packed with this key.", HelpName = "NUMBER" };
    private readonly Option<int> _days = new("--days") { Description = "Days in which devices may still install the bundle.", HelpName = "COUNT", DefaultValueFactory = _ => 90 };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="isKeyRequired">Whether the verb cannot do without a key.</param>
    public ReleaseOptions(Command verb, bool isKeyRequired)
    {
        _key = new Option<string?>("--key") { Description = "Private key file that bundles are signed with; 'edgeprune keys create' makes one.", HelpName = "KEY", Required = isKeyRequired };
        verb.Add(_key);
        verb.Add(_name);
        verb.Add(_version);
        verb.Add(_days);
    }

    /// <summary>Whether a key is named.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_key) is not null;

    /// <summary>Reads the key.</summary>
    /// <exception cref="EdgePruneException">There is none, or it is wrong.</exception>
    public SigningKey ReadKey(ParseResult parse) => KeyFiles.ReadPrivate(KeyPath(parse));

    /// <summary>A bundler for the key.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="key">The key.</param>
    /// <param name="model">Path of the model, whose name is the default of the line's.</param>
    /// <param name="targets">Whom bundles are for.</param>
    /// <param name="clock">The clock of creation and expiry.</param>
    /// <exception cref="InputException">A name or number is wrong.</exception>
    public ModelBundler Bundler(ParseResult parse, SigningKey key, string model, IReadOnlyList<string> targets, TimeProvider clock)
    {
        var options = new BundlerOptions
        {
            Name = parse.GetValue(_name) ?? BundlerOptions.SanitizeName(Path.GetFileNameWithoutExtension(model)),
            Targets = targets,
            Lifetime = TimeSpan.FromDays(parse.GetValue(_days)),
        };
        return new ModelBundler(key, options, Versions(parse), clock);
    }

    // Beside the key: whoever may sign also knows what was signed last.
    private IVersionSequence Versions(ParseResult parse) => parse.GetValue(_version) switch
    {
        { } first and >= 1 => new VersionSequence(first),
        { } wrong => throw new InputException(ErrorCode.InvalidOption, $"--version-number is {wrong}; it must be at least 1."),
        null => new FileVersionSequence(KeyPath(parse) + ".versions.json"),
    };

    private string KeyPath(ParseResult parse) => parse.GetValue(_key)
        ?? throw new InputException(ErrorCode.InvalidOption, "A device installs only what is signed by a key it trusts. Name the private key with --key.");
}
