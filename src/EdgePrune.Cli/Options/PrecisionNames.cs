using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Several precisions by their names, or a word for those that suit the model and the target.</summary>
internal static class PrecisionNames
{
    /// <summary>Chooses all that suit.</summary>
    public const string Automatic = "auto";

    /// <summary>Reads the names.</summary>
    /// <param name="option">Name of the option that holds them, for messages.</param>
    /// <param name="words">The words as they were given.</param>
    /// <returns>The precisions; null for those that suit, which are known once the model is read.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: one is unknown, there is none, or <see cref="Automatic"/> stands beside others.</exception>
    public static IReadOnlyList<Precision>? Read(string option, IEnumerable<string> words)
    {
        List<string> named = [.. words.SelectMany(w => w.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];
        return named switch
        {
            [Automatic] => null,
            [] => throw new InputException(ErrorCode.InvalidOption, $"{option} names nothing. Choose of {string.Join(", ", PrecisionTable.Names)}, or {Automatic}."),
            _ when named.Contains(Automatic) => throw new InputException(ErrorCode.InvalidOption, $"{option} names {Automatic} beside others, and {Automatic} chooses them all. Leave one of the two out."),
            _ => [.. named.Select(n => PrecisionTable.Find(n).Precision)],
        };
    }
}
