namespace EdgePrune.Bench;

/// <summary>Repeated times of one phase. The minimum is what the work costs, the median what a run feels like on this machine.</summary>
internal sealed class Series(string name)
{
    private readonly List<TimeSpan> _times = [];

    public string Name { get; } = name;

    public TimeSpan Min => _times.Min();

    public TimeSpan Median => _times.Order().ElementAt(_times.Count / 2);

    public void Add(TimeSpan time) => _times.Add(time);
}
