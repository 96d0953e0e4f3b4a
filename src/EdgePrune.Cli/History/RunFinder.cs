using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>Finds a measurement by its id, by the beginning of its id, or as a file.</summary>
/// <param name="histories">Where measurements are kept.</param>
internal sealed class RunFinder(IReadOnlyList<IRunHistory> histories)
{
    private const int FewestDigits = 4;
    private const int ShownDigits = 12;
    private const int MostNamed = 5;

    /// <summary>The beginning of an id: enough to find it again.</summary>
    public static string Short(string id) => id[..Math.Min(ShownDigits, id.Length)];

    /// <summary>Whether a text may be an id or its beginning, and is no file.</summary>
    public static bool IsId(string text) =>
        text.Length is >= FewestDigits and <= RunSummary.IdLength && text.All(char.IsAsciiHexDigit) && !File.Exists(text);

    /// <summary>Finds a measurement.</summary>
    /// <param name="text">A file that <c>profile --json</c> wrote, an id, or at least four first digits of one.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="InputException">There is none, or several begin so (<see cref="ErrorCode.UnknownRun"/>); or the file is no report.</exception>
    public async Task<NamedReport> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (File.Exists(text))
        {
            return new NamedReport(text, ProfileReportFile.Read(text));
        }

        if (!IsId(text))
        {
            throw new InputException(ErrorCode.UnknownRun, $"'{text}' is neither a file nor an id: {FewestDigits} to {RunSummary.IdLength} hexadecimal digits. List ids with 'edgeprune history list'.");
        }

        var (history, summary) = await FindOneAsync(text.ToLowerInvariant(), cancellationToken).ConfigureAwait(false);
        var run = await history.ReadRunAsync(summary.Id, cancellationToken).ConfigureAwait(false);
        return new NamedReport(Short(summary.Id), ProfileReportFile.RequireSound(run.Report, $"measurement {Short(summary.Id)}"));
    }

    private async Task<(IRunHistory History, RunSummary Summary)> FindOneAsync(string digits, CancellationToken cancellationToken)
    {
        List<(IRunHistory History, RunSummary Summary)> found = [];
        foreach (var history in histories)
        {
            var runs = await history.ListRunsAsync(new RunFilter { IdStart = digits }, MostNamed, cancellationToken).ConfigureAwait(false);
            found.AddRange(runs.Select(r => (history, r)));
        }

        return found switch
        {
            [] => throw new InputException(ErrorCode.UnknownRun, $"No measurement is kept whose id begins with '{digits}'. List ids with 'edgeprune history list', with --hub for those of devices; the oldest are dropped."),
            [var one] => one,
            _ => throw new InputException(ErrorCode.UnknownRun, $"The ids of several measurements begin with '{digits}': {string.Join(", ", found.Take(MostNamed).Select(f => $"{f.Summary.Id} of {f.Summary.Device}"))}. Give more digits."),
        };
    }
}
