using System.CommandLine;

namespace EdgePrune.Cli;

/// <summary>A verb that only holds others, such as <c>keys</c>.</summary>
internal sealed class VerbGroup : Command, IHasExample
{
    public VerbGroup(string name, string description, IEnumerable<Command> verbs, string example)
        : base(name, description)
    {
        Example = example;
        foreach (var verb in verbs)
        {
            Add(verb);
        }
    }

    /// <inheritdoc/>
    public string Example { get; }
}
