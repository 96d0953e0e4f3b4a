using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>All ways to turn a float model into another precision without samples. <see cref="StaticQuantizer"/> needs samples and is no such way.</summary>
public static class PrecisionConversions
{
    /// <summary>The ways, in the order in which they are listed.</summary>
    public static IReadOnlyList<IPrecisionConversion> All { get; } = [.. PrecisionTable.All.Select(f => f.Conversion).OfType<IPrecisionConversion>()];

    /// <summary>Finds a way by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The way.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: there is none of that name.</exception>
    public static IPrecisionConversion Find(string name) =>
        All.FirstOrDefault(c => c.Name == name)
        ?? throw new InputException(ErrorCode.InvalidOption, $"There is no conversion '{name}'. Choose one of {string.Join(", ", All.Select(c => c.Name))}.");
}
