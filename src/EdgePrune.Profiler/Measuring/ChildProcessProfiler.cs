using System.Diagnostics;
using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Measures each model in a process of its own: fresh heap, fresh arena, a peak memory that belongs to this model alone,
/// and a crash that harms nothing else.
/// </summary>
/// <param name="program">The program that measures; its <c>Main</c> calls <see cref="MeasuringWorker.Run"/>.</param>
public sealed class ChildProcessProfiler(MeasuringProgram program) : IModelProfiler, IModelComparer
{
    private const int MaxReplyBytes = 16 << 20;
    private const int StandardErrorTail = 4096;
    private const int Excerpt = 200;

    /// <summary>Clock of the timeout. <value>Default: the system's.</value></summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Longest time the process may take. <value>Default: null, ten minutes for loading and the operator pass plus twice
    /// what the settings allow for warm-up and windows.</value>
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc/>
    public async Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken)
    {
        MeasurementInput.Require(modelPath, settings);
        var request = new MeasureRequest(Path.GetFullPath(modelPath), settings);
        return (await AskAsync(request, r => r.Report is not null, cancellationToken).ConfigureAwait(false)).Report!;
    }

    /// <inheritdoc/>
    public async Task<ComparisonReport> CompareAsync(string modelPath, string referencePath, ProfileSettings settings, CancellationToken cancellationToken)
    {
        MeasurementInput.Require(modelPath, settings);
        MeasurementInput.Require(referencePath, settings);
        var request = new MeasureRequest(Path.GetFullPath(modelPath), settings, Path.GetFullPath(referencePath));
        return (await AskAsync(request, r => r.Comparison is not null, cancellationToken).ConfigureAwait(false)).Comparison!;
    }

    private async Task<MeasureReply> AskAsync(MeasureRequest request, Func<MeasureReply, bool> isAnswer, CancellationToken cancellationToken)
    {
        var limit = Timeout ?? DefaultTimeout(request.Settings);
        using var process = Start();
        using var deadline = new CancellationTokenSource(limit, Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await TalkAsync(process, request, isAnswer, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed($"did not finish within {Durations.Print(limit)} and was stopped. Measure with a shorter window or a smaller model.");
        }
        finally
        {
            await EndAsync(process).ConfigureAwait(false);
        }
    }

    internal static TimeSpan DefaultTimeout(ProfileSettings settings) =>
        TimeSpan.FromMinutes(10)
        + (2 * (settings.MaxWarmup + (settings.Windows * WindowRules.LongestFactor * settings.Window)))
        + (settings.Windows * settings.MinRunsPerWindow * (settings.Period ?? TimeSpan.Zero));

    private Process Start()
    {
        var start = new ProcessStartInfo(program.Executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in program.Arguments.Append(MeasuringWorker.Verb))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        // Profile-guided tiering recompiles methods a second time from counters, at a moment that differs from process to
        // process. Tiering itself stays on: without it warm latency was the same, but the first run of a small model took
        // twice as long and the process began 6 MB larger, none of which is the model's; warm-up detection waits for it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        try
        {
            return Process.Start(start) ?? throw Failed($"'{program.Executable}' did not start.");
        }
        catch (Exception refused) when (refused is System.ComponentModel.Win32Exception or IOException)
        {
            throw Failed($"'{program.Executable}' cannot be started: {refused.Message}. Check that the file exists and may be executed.", refused);
        }
    }

    private static async Task<MeasureReply> TalkAsync(Process process, MeasureRequest request, Func<MeasureReply, bool> isAnswer, CancellationToken stop)
    {
        var errors = TailReader.ReadAsync(process.StandardError.BaseStream, StandardErrorTail, stop);
        var answer = BoundedReader.ReadAsync(process.StandardOutput.BaseStream, MaxReplyBytes, stop);
        await SendAsync(process, request, stop).ConfigureAwait(false);
        var reply = await answer.ConfigureAwait(false);
        if (reply is null)
        {
            throw Failed($"answered more than {MaxReplyBytes} bytes. Check that '{MeasuringWorker.Verb}' reaches the measuring worker.");
        }

        var tail = await errors.ConfigureAwait(false);
        await process.WaitForExitAsync(stop).ConfigureAwait(false);
        return Understand(reply, isAnswer, process.ExitCode, tail);
    }

    private static async Task SendAsync(Process process, MeasureRequest request, CancellationToken stop)
    {
        try
        {
            var input = process.StandardInput.BaseStream;
            await JsonSerializer.SerializeAsync(input, request, ProfilerJson.Default.MeasureRequest, stop).ConfigureAwait(false);
            await input.WriteAsync("\n"u8.ToArray(), stop).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process ended before it read: its exit code and its standard error, read next, say why.
        }
    }

    private static MeasureReply Understand(byte[] reply, Func<MeasureReply, bool> isAnswer, int exitCode, string tail)
    {
        if (exitCode is not (0 or 1))
        {
            throw Failed($"died with exit code {exitCode}{Describe(tail)}");
        }

        try
        {
            var message = JsonSerializer.Deserialize(reply, ProfilerJson.Default.MeasureReply);
            return message switch
            {
                { Error: { } error } => throw error.ToException(),
                { } answer when isAnswer(answer) => answer,
                _ => throw Failed($"answered neither a report nor an error (exit code {exitCode}){Describe(tail)}"),
            };
        }
        catch (JsonException damage)
        {
            var start = System.Text.Encoding.UTF8.GetString(reply.AsSpan(0, Math.Min(Excerpt, reply.Length)));
            throw Failed($"answered no JSON (exit code {exitCode}, {damage.Message}); its answer starts with '{start}'{Describe(tail)}", damage);
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string Describe(string tail) =>
        tail.Length == 0 ? " and wrote nothing to standard error." : $". The end of its standard error: {tail}";

    private static DeviceException Failed(string what, Exception? inner = null) =>
        new(ErrorCode.MeasurementFailed, $"The measuring process {what}", inner);
}
