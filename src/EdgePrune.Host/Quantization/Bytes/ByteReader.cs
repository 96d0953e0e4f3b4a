using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Reads the numbers that a sample file holds, and takes nothing but bytes for bytes.</summary>
internal static class ByteReader
{
    /// <summary>The stored numbers of an array of samples.</summary>
    /// <param name="input">The array.</param>
    /// <returns>A reader that refuses what is no byte with <see cref="ErrorCode.InvalidSampleFile"/>.</returns>
    public static SampleReader Of(SampleInput input)
    {
        var read = input.Normalization?.ReadStored ?? input.Read;
        return (index, destination) =>
        {
            read(index, destination);
            foreach (var value in destination)
            {
                if (!(value is >= byte.MinValue and <= byte.MaxValue && value == MathF.Floor(value)))
                {
                    throw new InputException(ErrorCode.InvalidSampleFile,
                        $"Sample {index} holds {value}, which is no byte: a model that takes bytes is fed what is stored, whole numbers from 0 to 255. Store the samples as they come from the camera and put the normalisation into {Preprocessing.FileName}, or quantize with float inputs.");
                }
            }
        };
    }
}
