using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>The rules that class labels obey.</summary>
internal static class SampleLabels
{
    /// <summary>Requires that a number is a class.</summary>
    public static int Require(double value, int index, string source)
    {
        if (value != Math.Floor(value))
        {
            throw new InputException(ErrorCode.InvalidSampleFile, $"Label {index} in {source} is {value}; expected the whole number of a class. Correct the label.");
        }

        return value is >= 0 and <= int.MaxValue
            ? (int)value
            : throw new InputException(ErrorCode.LabelMismatch, $"Label {index} in {source} is {value}; classes are numbered from 0. Correct the label or leave the sample out.");
    }

    /// <summary>Requires one label for each sample.</summary>
    public static IReadOnlyList<int>? RequireCount(IReadOnlyList<int>? labels, int samples, string source) =>
        labels is null || labels.Count == samples
            ? labels
            : throw new InputException(ErrorCode.LabelMismatch, $"{source} holds {samples} samples, but there are {labels.Count} labels. Give exactly one label for each sample.");
}
