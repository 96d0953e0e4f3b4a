using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// Samples in a text file, one a line, the numbers divided by commas, semicolons or tabs. A heading is recognised by
/// holding something that is no number; a column named <c>label</c>, <c>class</c> or <c>y</c> there holds the labels.
/// </summary>
public sealed class CsvSampleSource : ISampleSource
{
    private static readonly string[] LabelHeadings = ["label", "labels", "class", "y"];

    private CsvSampleSource(CsvTable table, int label, IReadOnlyList<int>? labels, Preprocessing preprocessing, string source)
    {
        Count = table.Rows;
        Inputs = [PreprocessedInput.Of(ToArray(table, label, source), preprocessing)];
        Labels = SampleLabels.RequireCount(labels ?? OwnLabels(table, label, source), Count, source);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SampleInput> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int>? Labels { get; }

    /// <summary>Opens a CSV file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labelsPath">A file with one class for each sample, or null for the file's own label column, or none.</param>
    /// <param name="preprocessing">How the numbers become the model's input and which column holds the label, or null to take them as they are.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="InputException">A file is missing, malformed or empty, or labels and samples differ in number.</exception>
    public static CsvSampleSource Open(string path, string? labelsPath = null, Preprocessing? preprocessing = null)
    {
        var table = CsvTable.Read(path);
        var source = $"'{path}'";
        SampleSources.RequireSome(table.Rows, source);
        var settings = (preprocessing ?? new Preprocessing()).RequireSound(source);
        return new CsvSampleSource(table, LabelColumn(table, settings, source), labelsPath is null ? null : LabelFile.Read(labelsPath), settings, source);
    }

    private static int LabelColumn(CsvTable table, Preprocessing preprocessing, string source)
    {
        var column = preprocessing.LabelColumn switch
        {
            -1 => table.Columns - 1,
            { } stated => stated,
            null => table.Heading is null ? -1 : table.Heading.ToList().FindIndex(h => LabelHeadings.Contains(h.ToLowerInvariant())),
        };
        if (column >= table.Columns)
        {
            throw new InputException(ErrorCode.InvalidOption, $"labelColumn is {column}, but {source} has {table.Columns} columns, numbered from 0. Name one of them.");
        }

        return column >= 0 && table.Columns == 1
            ? throw new InputException(ErrorCode.NoSamples, $"{source} holds labels only. Name a file with samples.")
            : column;
    }

    private static SampleArray ToArray(CsvTable table, int label, string source)
    {
        var values = table.Values.Where((_, i) => i % table.Columns != label).Select(v => (float)v).ToArray();
        return new SampleArray
        {
            Source = source,
            Shape = [table.Rows, values.Length / table.Rows],
            Type = NumberType.Float32,
            Bytes = new BytesInMemory(MemoryMarshal.AsBytes<float>(values).ToArray()),
        };
    }

    private static int[]? OwnLabels(CsvTable table, int label, string source) => label < 0
        ? null
        : [.. Enumerable.Range(0, table.Rows).Select(i => SampleLabels.Require(table.Values[(i * table.Columns) + label], i, source))];
}
