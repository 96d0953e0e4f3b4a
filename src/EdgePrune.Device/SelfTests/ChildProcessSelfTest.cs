using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Device;

/// <summary>
/// Self-test in a process of its own: a model that crashes ONNX Runtime, eats the memory or never returns takes
/// only that process with it.
/// </summary>
/// <param name="program">The program that knows the verb <see cref="SelfTestWorker.Verb"/>.</param>
/// <param name="limit">Longest time a test may take, the start of the process included.</param>
/// <param name="time">The clock.</param>
internal sealed class ChildProcessSelfTest(MeasuringProgram program, TimeSpan limit, TimeProvider time) : ISelfTest
{
    private const int MaxAnswerBytes = 64 * 1024;

    /// <inheritdoc/>
    public async Task RunAsync(SelfTestOrder order, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        using var process = Start();
        try
        {
            var answer = await AskAsync(process, order, either.Token).ConfigureAwait(false);
            Require(answer.Passed, answer.Fault ?? "it gave no reason");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Failed($"it took longer than {Durations.Print(limit)} and was stopped");
        }
        finally
        {
            Stop(process);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(program.Executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        foreach (var argument in program.Arguments.Append(SelfTestWorker.Verb))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start) ?? throw new Win32Exception("no process was started");
        }
        catch (Win32Exception e)
        {
            // Not the model's fault: it must not be quarantined for it.
            throw new DeviceException(ErrorCode.MeasurementFailed, $"The self-test process '{program.Executable}' cannot be started: {e.Message}. Check the installation of the agent.", e);
        }
    }

    private static async Task<SelfTestAnswer> AskAsync(Process process, SelfTestOrder order, CancellationToken ct)
    {
        try
        {
            await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, order, DeviceJson.Default.SelfTestOrder, ct).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process died before it read its order; its exit code below says more than the broken pipe.
        }

        var bytes = await LimitedRead.AllAsync(process.StandardOutput.BaseStream, MaxAnswerBytes, ct).ConfigureAwait(false);
        Require(bytes is not null, $"the self-test process answered more than {MaxAnswerBytes} bytes");
        await process.WaitForExitAsync(ct).ConfigureAwait(false);
        Require(process.ExitCode == 0, $"the self-test process ended with exit code {process.ExitCode}; the model may crash ONNX Runtime or need more memory than the device has");
        return Parse(bytes!);
    }

    private static SelfTestAnswer Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, DeviceJson.Default.SelfTestAnswer) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw Failed($"the self-test process gave no answer that can be read: {e.Message}");
        }
    }

    private static void Stop(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already, which is what is wanted.
        }
    }

    private static void Require(bool sound, string fault)
    {
        if (!sound)
        {
            throw Failed(fault);
        }
    }

    private static DeviceException Failed(string fault) =>
        new(ErrorCode.SelfTestFailed, $"The model failed its self-test: {fault}. Check the model against the target and sign a bundle that passes.");
}
