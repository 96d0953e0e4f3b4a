namespace EdgePrune.Profiler;

/// <summary>One output line that tells an external analyser when a window runs.</summary>
public interface IMarkerPin : IDisposable
{
    /// <summary>Sets the line.</summary>
    /// <param name="high">Its level.</param>
    void Write(bool high);
}
