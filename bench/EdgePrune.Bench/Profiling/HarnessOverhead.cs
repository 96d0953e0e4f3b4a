using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;
using EdgePrune.TestKit;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Bench;

/// <summary>
/// What a measuring window adds to an inference: the same tiny model in a window, which times every run, and in a bare loop over
/// the C# API, which times them all at once; in turn, raw window window raw.
/// </summary>
internal sealed class HarnessOverhead(TextWriter output)
{
    private const int RunsOfRound = 10_000;
    private const int RoundsOfOne = 8;
    private const double Goal = 1000;

    // Every model takes longer for a round: the number of runs ends it.
    private static readonly TimeSpan ShortestRound = TimeSpan.FromMilliseconds(10);

    public void Run(ScratchFolder folder, int rounds)
    {
        var path = folder.File("tiny.onnx");
        var g = new GraphBuilder(1);
        g.Output(g.Relu(g.Input(1, 16)));
        OnnxFile.Write(g.Build(), path);
        var settings = new ProfileSettings { Windows = 5 };
        using var bound = BoundSession.Open(path, settings);
        using var raw = new RawLoop(path, settings, bound.Inputs[0].Shape, bound.Outputs[0].Shape);
        var window = new WindowStage(TimeProvider.System, new WindowRules(ShortestRound, RunsOfRound, RunsOfRound), windows: 1);
        List<double> added = [];
        long allocated = 0;
        for (var round = -2; round < RoundsOfOne * rounds; round++)
        {
            var first = raw.Nanoseconds(RunsOfRound);
            var (timed, bytes) = Windowed(window, bound.Run);
            var (again, more) = Windowed(window, bound.Run);
            var last = raw.Nanoseconds(RunsOfRound);
            if (round >= 0)
            {
                added.Add((timed + again - first - last) / 2);
                allocated += bytes + more;
            }
        }

        double[] sorted = [.. added.Order()];
        var (lower, upper) = LatencySummary.Interval(sorted, 0.5, 0.975, added.Count);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Harness: {sorted[sorted.Length / 2]:0} ns an inference more than a bare loop ({lower:0} to {upper:0}; {added.Count} rounds of {RunsOfRound}), {allocated} managed bytes in all. Goal: below {Goal:0} ns and 0 bytes."));
    }

    private static (double Nanoseconds, long Bytes) Windowed(WindowStage stage, Action inference)
    {
        var window = stage.Run(inference)[0];
        return ((window.To - window.From) * 1e9 / TimeProvider.System.TimestampFrequency / window.Times.Count, window.AllocatedBytes);
    }

    /// <summary>The bare loop.</summary>
    private sealed class RawLoop : IDisposable
    {
        private readonly SessionOptions _options;
        private readonly InferenceSession _session;
        private readonly RunOptions _run = new();
        private readonly OrtIoBinding _binding;
        private readonly OrtValue _input;
        private readonly OrtValue _output;

        public RawLoop(string path, ProfileSettings settings, IReadOnlyList<long> input, IReadOnlyList<long> output)
        {
            _options = SessionFactory.CreateOptions(settings);
            _session = SessionFactory.Open(path, _options);
            _binding = _session.CreateIoBinding();
            _input = OrtValue.CreateTensorValueFromMemory(new float[input.Aggregate(1L, (a, b) => a * b)], [.. input]);
            _output = OrtValue.CreateTensorValueFromMemory(new float[output.Aggregate(1L, (a, b) => a * b)], [.. output]);
            _binding.BindInput(_session.InputNames[0], _input);
            _binding.BindOutput(_session.OutputNames[0], _output);
        }

        public double Nanoseconds(int runs)
        {
            var start = TimeProvider.System.GetTimestamp();
            for (var run = 0; run < runs; run++)
            {
                _session.RunWithBinding(_run, _binding);
            }

            return TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / runs;
        }

        public void Dispose()
        {
            _binding.Dispose();
            _input.Dispose();
            _output.Dispose();
            _run.Dispose();
            _session.Dispose();
            _options.Dispose();
        }
    }
}
