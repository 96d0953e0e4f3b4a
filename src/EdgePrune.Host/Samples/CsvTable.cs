using System.Globalization;
using System.IO.Compression;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Numbers in lines of text, divided by commas, semicolons or tabs, with or without a heading.</summary>
/// <param name="Heading">The heading, or null.</param>
/// <param name="Columns">Numbers in a line.</param>
/// <param name="Values">All numbers, line by line.</param>
internal sealed record CsvTable(IReadOnlyList<string>? Heading, int Columns, List<double> Values)
{
    public int Rows => Columns == 0 ? 0 : Values.Count / Columns;

    public static CsvTable Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using Stream text = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var reader = new StreamReader(text);
            return Read(reader, $"'{path}'");
        }
        catch (InvalidDataException e)
        {
            throw SampleFile.Invalid($"'{path}'", $"it cannot be decompressed: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"'{path}' cannot be read: {e.Message} Name a file that exists.", e);
        }
    }

    public static CsvTable Read(TextReader reader, string source)
    {
        var table = new CsvTable(null, 0, []);
        var separator = ',';
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            if (table.Columns == 0)
            {
                separator = line.IndexOfAny([',', ';', '\t']) is >= 0 and var at ? line[at] : ',';
                table = Start(line.Split(separator));
                if (table.Heading is not null)
                {
                    continue;
                }
            }

            table.Add(line, separator, number, source);
        }

        return table;
    }

    private static CsvTable Start(string[] fields)
    {
        var isHeading = fields.Any(f => !TryRead(f, out _));
        return new CsvTable(isHeading ? [.. fields.Select(Bare)] : null, fields.Length, []);
    }

    private void Add(string line, char separator, int number, string source)
    {
        var fields = line.Split(separator);
        if (fields.Length != Columns)
        {
            throw SampleFile.Invalid(source, $"line {number} has {fields.Length} columns, but the first has {Columns}");
        }

        foreach (var field in fields)
        {
            Values.Add(TryRead(field, out var value)
                ? value
                : throw SampleFile.Invalid(source, $"line {number} holds '{(field.Length > 40 ? field[..40] : field)}', which is no number"));
        }
    }

    private static bool TryRead(string field, out double value) =>
        double.TryParse(Bare(field), NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static string Bare(string field) => field.Trim().Trim('"');
}
