using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Where zeros may lie: anywhere, or so that of every M neighbours along the input axis at most N are not zero.</summary>
/// <remarks>
/// Worked example, 2:4 and a row of 4 input channels with weights 0.1, -0.9, 0.3, 0.2: channels 1 and 2 stay. A group at the
/// end that has fewer than M channels keeps at most N of them.
/// </remarks>
public sealed record SparsityPattern
{
    private const int MostInGroup = 64;

    private SparsityPattern(int kept, int group) => (Kept, Group) = (kept, group);

    /// <summary>Zeros anywhere.</summary>
    public static SparsityPattern Unstructured { get; } = new(0, 0);

    /// <summary>N: weights of a group that may stay; 0 when zeros lie anywhere.</summary>
    public int Kept { get; }

    /// <summary>M: neighbours along the input axis that are a group; 0 when zeros lie anywhere.</summary>
    public int Group { get; }

    /// <summary>Whether zeros lie anywhere.</summary>
    public bool IsUnstructured => Group == 0;

    /// <summary>The pattern N:M.</summary>
    /// <param name="kept">N, at least 1.</param>
    /// <param name="group">M, above N and at most 64.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: N or M is out of range.</exception>
    public static SparsityPattern Of(int kept, int group) => kept >= 1 && kept < group && group <= MostInGroup
        ? new SparsityPattern(kept, group)
        : throw new InputException(ErrorCode.InvalidOption, $"The pattern {kept}:{group} is out of range: N must be at least 1, M above N and at most {MostInGroup}. Write for instance 2:4.");

    /// <summary>Reads <c>unstructured</c> or <c>N:M</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: the text is neither.</exception>
    public static SparsityPattern Parse(string text)
    {
        if (text == "unstructured")
        {
            return Unstructured;
        }

        var parts = text.Split(':');
        return parts.Length == 2 && IsNumber(parts[0], out var kept) && IsNumber(parts[1], out var group)
            ? Of(kept, group)
            : throw new InputException(ErrorCode.InvalidOption, $"'{text}' is no pattern. Write 'unstructured', or N:M such as 2:4.");
    }

    /// <inheritdoc/>
    public override string ToString() => IsUnstructured ? "unstructured" : string.Create(CultureInfo.InvariantCulture, $"{Kept}:{Group}");

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
