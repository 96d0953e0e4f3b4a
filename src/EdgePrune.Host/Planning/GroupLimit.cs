using System.IO.Enumeration;

namespace EdgePrune.Host;

/// <summary>The largest share that some groups may lose.</summary>
/// <param name="Groups">Name of a group, or a pattern in which <c>*</c> stands for any text and <c>?</c> for one character.</param>
/// <param name="Rate">Largest share of the original's channels that may go. Range: 0, which leaves the groups alone, to below 1.</param>
public sealed record GroupLimit(string Groups, double Rate)
{
    /// <summary>Whether the limit is for a group of this name.</summary>
    /// <param name="group">Name of the group.</param>
    /// <returns>Whether it is.</returns>
    public bool Covers(string group) => group == Groups || FileSystemName.MatchesSimpleExpression(Groups.Replace("\\", "\\\\", StringComparison.Ordinal), group, ignoreCase: false);
}
