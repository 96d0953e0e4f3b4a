using System.Globalization;

namespace EdgePrune.Onnx;

/// <summary>
/// The equation of an Einsum, with one label for each axis of each operand and of the result. Axes behind an ellipsis get
/// labels of their own, counted from the right, as they broadcast.
/// </summary>
/// <remarks>Worked example: <c>b...i, ij</c> over ranks 4 and 2 gives [b, ...1, ...0, i], [i, j] and the result [...1, ...0, b, j].</remarks>
internal sealed class EinsumEquation
{
    private const string Ellipsis = "...";

    private EinsumEquation(IReadOnlyList<string[]> operands, string[] result)
    {
        Operands = operands;
        Result = result;
    }

    /// <summary>Labels of every operand's axes.</summary>
    public IReadOnlyList<string[]> Operands { get; }

    /// <summary>Labels of the result's axes.</summary>
    public string[] Result { get; }

    /// <summary>Reads an equation for operands of given ranks.</summary>
    /// <exception cref="ArgumentException">The equation does not fit the operands.</exception>
    public static EinsumEquation Parse(string equation, IReadOnlyList<int> ranks)
    {
        var sides = string.Concat(equation.Where(c => !char.IsWhiteSpace(c))).Split("->");
        var terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != ranks.Count)
        {
            throw new ArgumentException($"The equation '{equation}' is not one of {ranks.Count} operands.");
        }

        List<string[]> operands = [.. terms.Zip(ranks, (term, rank) => Labels(term, rank - Letters(term)))];
        var hidden = operands.SelectMany(o => o).Where(IsHidden).Distinct().Count();
        var result = sides.Length == 2 ? Labels(sides[1], hidden) : Implicit(operands);
        return operands.Zip(ranks).All(o => o.First.Length == o.Second) && result.All(l => operands.Exists(o => o.Contains(l)))
            ? new EinsumEquation(operands, result)
            : throw new ArgumentException($"The equation '{equation}' does not fit its operands.");
    }

    /// <summary>Place of a label among an operand's axes, or -1.</summary>
    public int AxisOf(int operand, string label) => Array.IndexOf(Operands[operand], label);

    /// <summary>Place of a label among the result's axes, or -1.</summary>
    public int ResultAxis(string label) => Array.IndexOf(Result, label);

    private static int Letters(string term) => term.Replace(Ellipsis, "", StringComparison.Ordinal).Length;

    private static string[] Labels(string term, int hidden)
    {
        var split = term.IndexOf(Ellipsis, StringComparison.Ordinal);
        if (split < 0)
        {
            return [.. term.Select(c => c.ToString())];
        }

        var behind = Enumerable.Range(0, Math.Max(0, hidden)).Select(i => Ellipsis + (hidden - 1 - i).ToString(CultureInfo.InvariantCulture));
        return [.. term[..split].Select(c => c.ToString()), .. behind, .. term[(split + Ellipsis.Length)..].Select(c => c.ToString())];
    }

    // The result when none is given: what the ellipsis stands for, then all letters that occur once, in alphabetical order.
    private static string[] Implicit(List<string[]> operands)
    {
        var labels = operands.SelectMany(o => o).ToList();
        var hidden = labels.Where(IsHidden).Distinct().OrderByDescending(l => int.Parse(l.AsSpan(Ellipsis.Length), CultureInfo.InvariantCulture));
        var once = labels.Where(l => !IsHidden(l)).CountBy(l => l).Where(l => l.Value == 1).Select(l => l.Key).Order(StringComparer.Ordinal);
        return [.. hidden, .. once];
    }

    private static bool IsHidden(string label) => label.StartsWith(Ellipsis, StringComparison.Ordinal);
}
