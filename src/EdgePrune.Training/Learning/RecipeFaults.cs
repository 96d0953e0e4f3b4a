using EdgePrune.Contracts;

namespace EdgePrune.Training;

/// <summary>Faults of a recipe as one error.</summary>
internal static class RecipeFaults
{
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: there is a fault; the message has them all.</exception>
    public static void Require(IReadOnlyList<string> faults, string what)
    {
        if (faults.Count > 0)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The recipe of {what} has {faults.Count} fault(s): {string.Join(" ", faults)}");
        }
    }
}
