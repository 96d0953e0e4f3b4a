using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Samples in an IDX file, the format of MNIST, plain or compressed with gzip; the first dimension counts the samples.</summary>
public sealed class IdxSampleSource : ISampleSource
{
    private IdxSampleSource(SampleArray images, IReadOnlyList<int>? labels, Preprocessing preprocessing)
    {
        Count = images.Count;
        Inputs = [PreprocessedInput.Of(images, preprocessing)];
        Labels = SampleLabels.RequireCount(labels, images.Count, images.Source);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SampleInput> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int>? Labels { get; }

    /// <summary>Opens an IDX file.</summary>
    /// <param name="path">The file with the samples.</param>
    /// <param name="labelsPath">A file with one class for each sample (IDX, <c>.npy</c> or one number a line), or null for none.</param>
    /// <param name="preprocessing">How the numbers become the model's input, or null to take them as they are.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="InputException">A file is missing, damaged or empty, or labels and samples differ in number.</exception>
    public static IdxSampleSource Open(string path, string? labelsPath = null, Preprocessing? preprocessing = null)
    {
        var images = SampleFile.Open(path, s => IdxHeader.Read(s, $"'{path}'"));
        SampleSources.RequireSome(images.Count, images.Source);
        return new IdxSampleSource(images, labelsPath is null ? null : LabelFile.Read(labelsPath), preprocessing ?? new Preprocessing());
    }
}
