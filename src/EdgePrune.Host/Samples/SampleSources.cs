using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Which part of a folder's samples to use.</summary>
public enum SampleSplit
{
    /// <summary>Samples that a model was not trained on.</summary>
    Test,
    /// <summary>Samples for training and calibration.</summary>
    Train,
}

/// <summary>How a sample file is written.</summary>
internal enum SampleFormat
{
    Idx,
    Numpy,
    Csv,
}

/// <summary>Opens samples wherever they are: an IDX, <c>.npy</c>, <c>.npz</c> or CSV file, or a folder that holds them.</summary>
public static class SampleSources
{
    /// <summary>
    /// Opens a file or a folder. In a folder, files named like MNIST's (<c>t10k-images-idx3-ubyte</c>, <c>train-...</c>,
    /// with or without <c>.gz</c>) are taken by split; else it must hold exactly one sample file, beside an optional
    /// file of labels whose name holds <c>label</c>.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="labelsPath">A file with one class for each sample, or null for those that belong to the samples, or none.</param>
    /// <param name="preprocessing">How the numbers become the model's input; null for the <c>preprocessing.json</c> beside the data, else none.</param>
    /// <param name="split">Which part of a folder to use. <value>Default: test.</value></param>
    /// <returns>The samples.</returns>
    /// <exception cref="InputException">
    /// <see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.NoSamples"/>, <see cref="ErrorCode.InvalidSampleFile"/> or
    /// <see cref="ErrorCode.LabelMismatch"/>; the message says where.
    /// </exception>
    public static ISampleSource Open(string path, string? labelsPath = null, Preprocessing? preprocessing = null, SampleSplit split = SampleSplit.Test)
    {
        var isFolder = Directory.Exists(path);
        if (!isFolder && !File.Exists(path))
        {
            throw new InputException(ErrorCode.FileNotFound, $"There is no file or folder '{path}'. Name one that holds samples.");
        }

        var settings = preprocessing ?? BesideData(isFolder ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!isFolder)
        {
            return OpenFile(path, labelsPath, settings);
        }

        var (samples, labels) = SampleFolder.Find(path, split);
        return OpenFile(samples, labelsPath ?? labels, settings);
    }

    /// <summary>Whether a path is a folder with samples for training and others for tests, so that the two splits differ.</summary>
    /// <param name="path">A file or folder, as <see cref="Open"/> takes it.</param>
    /// <returns>False for a file, and for what does not exist.</returns>
    public static bool AreSplit(string path) => Directory.Exists(path) && SampleFolder.IsSplit(path);

    internal static SampleFormat FormatOf(string path) => TryFormatOf(path)
        ?? throw new InputException(ErrorCode.InvalidSampleFile, $"'{path}' is of no known format. Samples come as .npy, .npz, .csv, .idx or a name that ends in -ubyte, also with .gz.");

    // Names that end in -ubyte are MNIST's own and their kin: t10k-images-idx3-ubyte, train-labels.idx1-ubyte.
    internal static SampleFormat? TryFormatOf(string path)
    {
        var name = Path.GetFileName(path).ToLowerInvariant();
        name = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        return Path.GetExtension(name) switch
        {
            ".npy" or ".npz" => SampleFormat.Numpy,
            ".csv" or ".tsv" or ".txt" => SampleFormat.Csv,
            ".idx" => SampleFormat.Idx,
            _ when name.EndsWith("-ubyte", StringComparison.Ordinal) => SampleFormat.Idx,
            _ => null,
        };
    }

    internal static void RequireSome(int count, string source)
    {
        if (count == 0)
        {
            throw new InputException(ErrorCode.NoSamples, $"{source} holds no sample. Name a file or folder that holds at least one.");
        }
    }

    private static ISampleSource OpenFile(string path, string? labels, Preprocessing? preprocessing) => FormatOf(path) switch
    {
        SampleFormat.Numpy => NpySampleSource.Open(path, labels, preprocessing),
        SampleFormat.Idx => IdxSampleSource.Open(path, labels, preprocessing),
        _ => CsvSampleSource.Open(path, labels, preprocessing),
    };

    private static Preprocessing? BesideData(string folder)
    {
        var path = Path.Combine(folder, Preprocessing.FileName);
        return File.Exists(path) ? Preprocessing.Read(path) : null;
    }
}
