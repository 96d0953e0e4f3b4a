using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The kind of device a model is made for.</summary>
internal sealed class TargetOption
{
    private readonly Option<string?> _target = new("--target")
    {
        Description = "Kind of device, such as raspberry-pi-4, or a path to a target file (*.json).",
        HelpName = "NAME",
    };

    /// <summary>Adds the option to a verb.</summary>
    public TargetOption(Command verb) => verb.Add(_target);

    /// <summary>The target, or null when none was named.</summary>
    /// <exception cref="InputException">There is no such target, or its file is wrong.</exception>
    public Target? Find(ParseResult parse) => parse.GetValue(_target) is { } name ? TargetCatalog.Default().Find(name) : null;

    /// <summary>The target, or the one that stands for the machine the tool runs on.</summary>
    /// <exception cref="InputException">There is no such target, or its file is wrong.</exception>
    public Target FindOrThisMachine(ParseResult parse) => Find(parse) ?? TargetCatalog.Default().Find(TargetCatalog.ThisMachine);
}
