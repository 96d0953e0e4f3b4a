namespace EdgePrune.Host;

/// <summary>Counts cells as they finish, and tells the time left from what the finished ones took.</summary>
internal sealed class StudyTracker(int total, TimeProvider clock, IProgress<StudyProgress>? progress)
{
    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private double _spent;
    private double _ahead;
    private int _done;

    /// <summary>Cells that need no work.</summary>
    public void Skip(int cells) => _done += cells;

    /// <summary>Work that is ahead, in epochs.</summary>
    public void Expect(double cost) => _ahead += cost;

    /// <summary>Tells that work begins.</summary>
    public void Say(string what)
    {
        lock (_lock)
        {
            progress?.Report(new StudyProgress(_done, total, what, Left()));
        }
    }

    /// <summary>Tells that a cell is finished.</summary>
    public void Finish(StudyCase cell, string outcome, double cost)
    {
        lock (_lock)
        {
            _done++;
            _spent += cost;
            _ahead -= cost;
            progress?.Report(new StudyProgress(_done, total, $"{cell.Name}, seed {cell.Seed}: {outcome}", Left()));
        }
    }

    private TimeSpan? Left() => _spent > 0 && _ahead > 1e-9 ? clock.GetElapsedTime(_start) * (_ahead / _spent) : null;
}
