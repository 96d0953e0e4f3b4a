using System.Diagnostics;

namespace EdgePrune.Bench;

/// <summary>
/// Times the phases of a run, round after round. Phases of one round stand next to each other in time, so that other load on
/// the machine hits all of them and their shares stay comparable; rounds before <see cref="Start"/> warm up.
/// </summary>
internal sealed class PhaseTimer
{
    private readonly List<Series> _series = [];
    private bool _measures;

    public IReadOnlyList<Series> Series => _series;

    public void Start() => _measures = true;

    public T Time<T>(string phase, Func<T> work)
    {
        // Garbage of the phase before is not this one's.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var watch = Stopwatch.StartNew();
        var result = work();
        var elapsed = watch.Elapsed;
        if (_measures)
        {
            Find(phase).Add(elapsed);
        }

        return result;
    }

    private Series Find(string phase)
    {
        if (_series.Find(s => s.Name == phase) is { } known)
        {
            return known;
        }

        var added = new Series(phase);
        _series.Add(added);
        return added;
    }
}
