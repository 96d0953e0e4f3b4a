using System.Runtime.InteropServices;

namespace EdgePrune.Training;

/// <summary>
/// Notices when the process that started this one is gone, however it ended. The kernel's signal for it goes by the parent's thread
/// and not its process, so the parent's number is looked at instead.
/// </summary>
internal sealed partial class ParentWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly int _parent;
    private readonly Func<int> _read;
    private readonly Action _gone;
    private readonly ITimer _timer;

    /// <param name="gone">Called from another thread when the parent is gone.</param>
    /// <param name="clock">When to look.</param>
    /// <param name="read">Reads the parent's number; null for the system's.</param>
    public ParentWatch(Action gone, TimeProvider clock, Func<int>? read = null)
    {
        _read = read ?? (OperatingSystem.IsWindows() ? () => 0 : ReadParent);
        _gone = gone;
        _parent = _read();
        _timer = clock.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (_read() != _parent)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _gone();
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ReadParent();
}
