using CsCheck;
using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>A random model and how it came about.</summary>
/// <param name="Model">The model: one image in, one vector for each dead end out, each behind a layer with weights.</param>
/// <param name="Description">The steps, for a failing test's message.</param>
public sealed record RandomGraph(Model Model, string Description)
{
    /// <inheritdoc/>
    public override string ToString() => Description;
}

/// <summary>
/// Random models, valid by construction: a list of small decisions is drawn and interpreted, so that a failing case shrinks
/// to few steps.
/// </summary>
public static class RandomGraphs
{
    /// <summary>Draws models of up to ten steps.</summary>
    public static Gen<RandomGraph> Gen { get; } = Of(10);

    /// <summary>Draws models.</summary>
    /// <param name="steps">Largest number of steps.</param>
    /// <returns>The generator.</returns>
    public static Gen<RandomGraph> Of(int steps) =>
        from seed in CsCheck.Gen.Int[0, 999]
        from decisions in Decisions.Array[1, steps]
        select Make(seed, decisions);

    private static readonly Gen<RandomDecision> Decisions =
        from step in CsCheck.Gen.Int[0, 999]
        from source in CsCheck.Gen.Int[0, 3]
        from other in CsCheck.Gen.Int[0, 7]
        from amount in CsCheck.Gen.Int[0, 15]
        select new RandomDecision(step, source, other, amount);

    /// <summary>Makes one model of a seed, without the generator.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="steps">Number of steps.</param>
    /// <returns>The model, the same for the same arguments.</returns>
    public static RandomGraph FromSeed(int seed, int steps = 10)
    {
        var random = new Random(seed);
        return Make(seed, [.. Enumerable.Range(0, steps).Select(_ => new RandomDecision(random.Next(1000), random.Next(4), random.Next(8), random.Next(16)))]);
    }

    private static RandomGraph Make(int seed, IReadOnlyList<RandomDecision> decisions) => new RandomGraphInterpreter(seed).Run(decisions);
}

/// <summary>One drawn step.</summary>
/// <param name="Step">Which kind of step, modulo their number.</param>
/// <param name="Source">How far back the value is that it works on.</param>
/// <param name="Other">How far back a second value is, and small choices.</param>
/// <param name="Amount">Sizes.</param>
public sealed record RandomDecision(int Step, int Source, int Other, int Amount);
