using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>Shows work as it goes: one live line with the time left on a terminal, a plain line for each step elsewhere.</summary>
internal static class WorkProgress
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs work and shows it.</summary>
    /// <typeparam name="T">Type of its result.</typeparam>
    /// <param name="screen">Where to show it.</param>
    /// <param name="title">What it is.</param>
    /// <param name="extent">How long it is.</param>
    /// <param name="work">The work; it reports each step as the step starts.</param>
    /// <returns>The work's result.</returns>
    public static async Task<T> RunAsync<T>(Screen screen, string title, WorkExtent extent, Func<IProgress<string>, Task<T>> work)
    {
        if (!screen.IsLive)
        {
            return await work(new PlainSteps(screen, title)).ConfigureAwait(false);
        }

        return await screen.Status.Status().StartAsync(Markup.Escape(title), async status =>
        {
            var steps = new LiveSteps(screen.Shell.Clock, title, extent);
            // The work runs elsewhere so that the line moves while it computes.
            var running = Task.Run(() => work(steps));
            while (await Task.WhenAny(running, Task.Delay(Redraw, screen.Shell.Clock)).ConfigureAwait(false) != running)
            {
                status.Status = Markup.Escape(steps.Line);
            }

            return await running.ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private sealed class PlainSteps(Screen screen, string title) : IProgress<string>
    {
        public void Report(string value) => screen.Note($"{title}: {value}");
    }

    private sealed class LiveSteps(TimeProvider clock, string title, WorkExtent extent) : IProgress<string>
    {
        private readonly long _start = clock.GetTimestamp();
        private volatile string _step = "";
        private int _count;

        public string Line
        {
            get
            {
                var elapsed = clock.GetElapsedTime(_start);
                var left = extent.Left(Volatile.Read(ref _count), elapsed);
                var time = left is null ? $"{elapsed.TotalSeconds:0} s" : $"about {left.Value.TotalSeconds:0} s left";
                return _step.Length == 0 ? $"{title} ({time})" : $"{title}: {_step} ({time})";
            }
        }

        public void Report(string value)
        {
            _step = value;
            Interlocked.Increment(ref _count);
        }
    }
}
