using CsCheck;

namespace EdgePrune.Host.Tests;

public sealed class RatePickerTests
{
    [Fact]
    public void Decide_OnAMonotoneModel_FindsTheLowestRateThatMeets_InLogarithmicallyManySteps() =>
        (from candidates in Gen.Int[1, 60]
         from cheapFrom in Gen.Int[0, 61]
         from accurateTo in Gen.Int[-1, 60]
         select (candidates, cheapFrom, accurateTo))
        .Sample(c =>
        {
            var (history, outcome) = Search(c.candidates, i => i > c.accurateTo ? RateVerdict.TooInaccurate : i < c.cheapFrom ? RateVerdict.TooCostly : RateVerdict.Meets);

            var feasible = c.cheapFrom <= Math.Min(c.accurateTo, c.candidates - 1);
            Assert.Equal(feasible ? TuningOutcome.Converged : TuningOutcome.Infeasible, outcome);
            Assert.InRange(history.Count, 0, (int)Math.Ceiling(Math.Log2(c.candidates + 1)) + 1);
            if (feasible)
            {
                Assert.Equal(c.cheapFrom, history.Where(h => h.Verdict == RateVerdict.Meets).Min(h => h.Candidate));
            }
        });

    [Fact]
    public void Decide_WithAHint_BeginsThere() => Assert.Equal(3, RatePicker.Decide(20, [], first: 3).Next);

    [Fact]
    public void Decide_WithoutCandidates_IsInfeasible() => Assert.Equal(TuningOutcome.Infeasible, RatePicker.Decide(0, []).Outcome);

    [Fact]
    public void Decide_NeverTriesACandidateTwice_EvenWhenVerdictsContradict() =>
        (from candidates in Gen.Int[1, 40]
         from verdicts in Gen.Int[0, 2].Array[41]
         select (candidates, verdicts))
        .Sample(c =>
        {
            var (history, _) = Search(c.candidates, i => (RateVerdict)c.verdicts[i]);
            Assert.Equal(history.Count, history.Select(h => h.Candidate).Distinct().Count());
        });

    private static (List<(int Candidate, RateVerdict Verdict)> History, TuningOutcome Outcome) Search(int candidates, Func<int, RateVerdict> verdict)
    {
        List<(int, RateVerdict)> history = [];
        while (true)
        {
            var decision = RatePicker.Decide(candidates, history);
            if (decision.Next is not { } next)
            {
                return (history, decision.Outcome!.Value);
            }

            history.Add((next, verdict(next)));
        }
    }
}
