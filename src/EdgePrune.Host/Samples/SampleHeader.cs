namespace EdgePrune.Host;

/// <summary>What the header of a sample file says of the numbers behind it.</summary>
/// <param name="Type">How each number is stored.</param>
/// <param name="Shape">The dimensions, samples first.</param>
/// <param name="BigEndian">Whether the highest byte comes first.</param>
/// <param name="ColumnMajor">Whether the first axis varies fastest.</param>
internal sealed record SampleHeader(NumberType Type, IReadOnlyList<long> Shape, bool BigEndian, bool ColumnMajor)
{
    /// <summary>Bytes of the numbers; lying dimensions are refused before anything is allocated.</summary>
    public long RequireLength(string source)
    {
        if (Shape.Count == 0)
        {
            throw SampleFile.Invalid(source, "it is a single number and no array of samples");
        }

        try
        {
            var sample = Shape.Skip(1).Aggregate(1L, (a, b) => checked(a * b));
            if (sample == 0)
            {
                throw SampleFile.Invalid(source, $"its shape [{string.Join(", ", Shape)}] gives samples without a number");
            }

            if (Shape[0] <= int.MaxValue && sample <= Array.MaxLength / sizeof(double))
            {
                return checked(Shape[0] * sample * Type.Size());
            }
        }
        catch (OverflowException)
        {
            // Reported below, as every shape that is too large.
        }

        throw SampleFile.Invalid(source, $"its shape [{string.Join(", ", Shape)}] is too large");
    }

    public SampleArray ToArray(string source, StoredBytes bytes) =>
        new() { Source = source, Shape = Shape, Type = Type, Bytes = bytes, BigEndian = BigEndian, ColumnMajor = ColumnMajor };
}
