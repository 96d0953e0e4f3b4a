namespace EdgePrune.Host;

/// <summary>Where samples are, as data that another process can open.</summary>
/// <param name="Data">A file or folder, as <see cref="SampleSources.Open"/> takes it.</param>
public sealed record SampleReference(string Data)
{
    /// <summary>File of labels, or null for those that belong to the samples, or none. <value>Default: null.</value></summary>
    public string? Labels { get; set; }

    /// <summary>File of the preprocessing, or null for the one beside the data. <value>Default: null.</value></summary>
    public string? Preprocessing { get; set; }

    /// <summary>Which part of a folder. <value>Default: for training.</value></summary>
    public SampleSplit Split { get; set; } = SampleSplit.Train;

    /// <summary>Number of samples drawn from all by <see cref="Seed"/>, or null for all in their order. <value>Default: null.</value></summary>
    public int? Count { get; set; }

    /// <summary>Seed of the draw. <value>Default: 1.</value></summary>
    public int Seed { get; set; } = 1;

    /// <summary>Opens the samples.</summary>
    /// <returns>The samples.</returns>
    /// <exception cref="Contracts.InputException">A file is missing, empty or damaged.</exception>
    public ISampleSource Open()
    {
        var preprocessing = Preprocessing is null ? null : Host.Preprocessing.Read(Preprocessing);
        var all = SampleSources.Open(Data, Labels, preprocessing, Split);
        return Count is { } count ? SampleSubset.Random(all, count, Seed) : all;
    }
}
