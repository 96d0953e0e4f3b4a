namespace EdgePrune.Host;

/// <summary>The curve of one group.</summary>
public sealed class GroupSensitivity
{
    private IReadOnlyList<(double Rate, double Loss)>? _hull;

    /// <summary>Makes a curve.</summary>
    /// <param name="group">Name of the group.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="points">What was measured, by ascending rate.</param>
    public GroupSensitivity(string group, int channels, IReadOnlyList<SensitivityPoint> points)
    {
        Group = group;
        Channels = channels;
        Points = points;
    }

    /// <summary>Name of the group.</summary>
    public string Group { get; }

    /// <summary>Its channels.</summary>
    public int Channels { get; }

    /// <summary>What was measured, by ascending rate.</summary>
    public IReadOnlyList<SensitivityPoint> Points { get; }

    /// <summary>Predicted output error at a rate: on the lower convex hull of the monotone curve, straight on beyond its end.</summary>
    /// <param name="rate">Share of the group's channels that go. Range: 0 to 1.</param>
    /// <returns>The error.</returns>
    public double Predict(double rate)
    {
        _hull ??= MonotoneFit.ConvexHull([(0, 0), .. Points.Select(p => (p.Rate, p.FittedError))]);
        var next = 1;
        while (next < _hull.Count - 1 && _hull[next].Rate < rate)
        {
            next++;
        }

        if (_hull.Count < 2)
        {
            return 0;
        }

        var ((left, low), (right, high)) = (_hull[next - 1], _hull[next]);
        return low + ((rate - left) / (right - left) * (high - low));
    }
}
