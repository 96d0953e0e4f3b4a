using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// Measures times one after the other. Training changes no shape, so one model stands for all epochs and seeds of a method, a rate and a
/// precision; what was measured on this machine before is taken again.
/// </summary>
internal sealed class StudyTiming(StudyInputs inputs, StudyStore store)
{
    /// <summary>What shares a time with a cell.</summary>
    public static StudyCase Alike(StudyCase cell) => cell with { Epochs = 0, Seed = 0 };

    /// <summary>Measures what is missing.</summary>
    /// <param name="cells">Finished cells in the order of the table, with their names.</param>
    /// <param name="tracker">Told of each model.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The times, and what could not be measured.</returns>
    public async Task<(IReadOnlyDictionary<StudyCase, StudyTime> Times, IReadOnlyList<string> Notes)> MeasureAsync(
        IReadOnlyList<(StudyCase Cell, string Key)> cells, StudyTracker tracker, CancellationToken cancellationToken)
    {
        Dictionary<StudyCase, StudyTime> times = [];
        List<string> notes = [];
        foreach (var alike in inputs.Profiler is null ? [] : cells.GroupBy(c => Alike(c.Cell)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (alike.Select(c => store.FindTime(Name(c.Key))).FirstOrDefault(t => t is not null) is { } known)
            {
                times[alike.Key] = known;
                continue;
            }

            try
            {
                times[alike.Key] = await TimeAsync([.. alike], tracker, cancellationToken).ConfigureAwait(false);
            }
            catch (EdgePruneException e)
            {
                notes.Add($"'{alike.First().Cell.Name}' was not timed: {e.Message}");
            }
        }

        return (times, notes);
    }

    private async Task<StudyTime> TimeAsync(IReadOnlyList<(StudyCase Cell, string Key)> alike, StudyTracker tracker, CancellationToken cancellationToken)
    {
        var (cell, key) = alike.FirstOrDefault(c => store.HasModel(c.Key));
        if (key is null)
        {
            throw new InputException(ErrorCode.FileNotFound, "Its model is no longer in the folder. Delete the file of its cell to have it made again.");
        }

        tracker.Say($"measuring the time of {cell.Name}");
        var time = StudyTime.Of(await inputs.Profiler!.ProfileAsync(store.PathOfModel(key), inputs.Timing, cancellationToken).ConfigureAwait(false));
        store.KeepTime(Name(key), time);
        return time;
    }

    private string Name(string key) => StudyKeys.OfTime(store.Find(key)!.Figures!.ModelSha256, inputs.Timing);
}
