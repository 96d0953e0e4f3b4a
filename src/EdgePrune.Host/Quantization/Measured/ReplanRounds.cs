using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Plans int8 by measurements, measures what was planned, and plans again by that.</summary>
/// <param name="bench">Measures; it has the float form.</param>
/// <param name="replan">Makes an int8 form by measurements.</param>
/// <param name="counted">Bytes of the form that was planned by counting.</param>
internal sealed class ReplanRounds(FormBench bench, Func<MeasuredForms, CancellationToken, Task<PlannedForm>> replan, byte[] counted)
{
    private readonly List<byte[]> _seen = [counted];

    /// <summary>Told of each step as it starts, or null.</summary>
    public required IProgress<string>? Progress { get; init; }

    /// <summary>Runs the rounds.</summary>
    /// <param name="measured">The float form and the form by counting, operator by operator.</param>
    /// <param name="ratio">Latency of the form by counting over that of float.</param>
    /// <param name="cancellationToken">Stops between and within measurements.</param>
    /// <returns>The rounds, at least one.</returns>
    public async Task<IReadOnlyList<ReplanRound>> RunAsync(MeasuredForms measured, double ratio, CancellationToken cancellationToken)
    {
        // The first plan goes by operators alone; where the whole agrees with them, it is right at once.
        List<ReplanRound> rounds = [];
        var next = await NextAsync(measured, 1, cancellationToken).ConfigureAwait(false);
        rounds.Add(next);
        measured = measured.Timed(ratio);
        while (next.Ratio is { } whole && rounds.Count < FastestForm.MostRounds)
        {
            next = await AgainAsync(rounds.Count, whole).ConfigureAwait(false);
            rounds.Add(next);
        }

        return rounds;

        async Task<ReplanRound> AgainAsync(int round, double whole)
        {
            var report = await bench.ProfileAsync(NameOf(round), TitleOf(round), cancellationToken).ConfigureAwait(false);
            try
            {
                measured = measured.With(report, whole);
            }
            catch (InputException unusable) when (unusable.Code == ErrorCode.InvalidOption)
            {
                return new ReplanRound { Ended = unusable.Message };
            }

            return await NextAsync(measured, round + 1, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ReplanRound> NextAsync(MeasuredForms measured, int round, CancellationToken cancellationToken)
    {
        Progress?.Report($"planning int8 by what was measured, round {round}");
        PlannedForm planned;
        try
        {
            planned = await replan(measured, cancellationToken).ConfigureAwait(false);
        }
        catch (InputException unusable) when (unusable.Code == ErrorCode.InvalidOption)
        {
            // Nodes without names: nothing is known of them.
            return new ReplanRound { Ended = unusable.Message };
        }

        if (Known(planned.Model) is { } ended)
        {
            return new ReplanRound { Planned = planned.Planned, Ended = ended };
        }

        bench.Add(NameOf(round), planned.Model);
        return new ReplanRound { Planned = planned.Planned, Comparison = await bench.CompareAsync(NameOf(round), TitleOf(round), cancellationToken).ConfigureAwait(false) };
    }

    // Why a plan is nothing to measure, or null.
    private string? Known(Model model)
    {
        if (!IntegerOperators.IsQuantized(model))
        {
            return "By the measurements of its operators the model is fastest with everything in float.";
        }

        var bytes = OnnxFile.ToBytes(model);
        var place = _seen.FindIndex(s => s.AsSpan().SequenceEqual(bytes));
        _seen.Add(bytes);
        return place switch
        {
            < 0 => null,
            0 => "By the measurements of its operators int8 is planned as before.",
            _ => $"By the measurements of its operators int8 is planned as in round {place}.",
        };
    }

    private static string NameOf(int round) => $"replanned{round}";

    private static string TitleOf(int round) => $"re-planned int8 of round {round}";
}
