using System.CommandLine;
using System.Globalization;
using System.Numerics;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Options that hold several values in one word, such as <c>0.3,0.5,0.7</c>.</summary>
internal static class CommaList
{
    /// <summary>Makes an option.</summary>
    public static Option<string> Option(string name, string description, string values) => new(name)
    {
        Description = description,
        HelpName = "LIST",
        DefaultValueFactory = _ => values,
    };

    /// <summary>Reads numbers.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: one is no number.</exception>
    public static IReadOnlyList<T> Numbers<T>(ParseResult parse, Option<string> option)
        where T : INumber<T> =>
        [.. Words(parse, option).Select(w => T.TryParse(w, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(option, w, $"is no {(T.IsInteger(T.One / (T.One + T.One)) ? "whole " : "")}number"))];

    /// <summary>Reads names.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: one is unknown.</exception>
    public static IReadOnlyList<T> Names<T>(ParseResult parse, Option<string> option, IReadOnlyDictionary<string, T> known) =>
        [.. Words(parse, option).Select(w => known.TryGetValue(w, out var value) ? value : throw Wrong(option, w, $"is unknown; known are {string.Join(", ", known.Keys)}"))];

    private static string[] Words(ParseResult parse, Option<string> option) =>
        parse.GetRequiredValue(option).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static InputException Wrong(Option<string> option, string word, string fault) =>
        new(ErrorCode.InvalidOption, $"In '{option.Name}', '{word}' {fault}. Separate values by commas, without spaces.");
}
