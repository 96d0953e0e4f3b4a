namespace EdgePrune.Host;

/// <summary>Reads class labels: an IDX file, a <c>.npy</c> file, or text with one number a line.</summary>
internal static class LabelFile
{
    public static int[] Read(string path) => SampleSources.FormatOf(path) switch
    {
        SampleFormat.Numpy => SampleFile.Open(path, s => NpyHeader.Read(s, $"'{path}'")).ToLabels(),
        SampleFormat.Idx => SampleFile.Open(path, s => IdxHeader.Read(s, $"'{path}'")).ToLabels(),
        _ => ReadText(path),
    };

    private static int[] ReadText(string path)
    {
        var table = CsvTable.Read(path);
        return table.Columns <= 1
            ? [.. table.Values.Select((v, i) => SampleLabels.Require(v, i, $"'{path}'"))]
            : throw SampleFile.Invalid($"'{path}'", $"it has {table.Columns} columns; labels are one whole number a line");
    }
}
