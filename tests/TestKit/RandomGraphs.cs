using CsCheck;
using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>A random model and how it came about.</summary>
/// <param name="Model">The model: one or more inputs, one output for each dead end, most behind a layer with weights.</param>
/// <param name="Description">The steps, for a failing test's message.</param>
public sealed record RandomGraph(Model Model, string Description)
{
    /// <inheritdoc/>
    public override string ToString() => Description;
}

/// <summary>
/// Random models, valid by construction: a list of small decisions is drawn and interpreted, so that a failing case shrinks
/// to few steps. They are made of every operator that has a definition, in operator sets 9 to 21, with images, volumes,
/// signals, tokens and vectors.
/// </summary>
public static class RandomGraphs
{
    /// <summary>Draws models of up to ten steps.</summary>
    public static Gen<RandomGraph> Gen { get; } = Of(10);

    /// <summary>Draws models.</summary>
    /// <param name="steps">Largest number of steps.</param>
    /// <returns>The generator.</returns>
    public static Gen<RandomGraph> Of(int steps) =>
        from seed in CsCheck.Gen.Int[0, 9999]
        from decisions in Decisions.Array[1, steps]
        select RandomGraphInterpreter.Any(seed).Run(decisions);

    private static readonly Gen<RandomDecision> Decisions =
        from step in CsCheck.Gen.Int[0, 9999]
        from source in CsCheck.Gen.Int[0, 3]
        from other in CsCheck.Gen.Int[0, 7]
        from amount in CsCheck.Gen.Int[0, 15]
        from form in CsCheck.Gen.Int[0, 63]
        select new RandomDecision(step, source, other, amount) { Form = form };

    /// <summary>The same models on every run.</summary>
    /// <param name="count">Their number.</param>
    /// <returns>Models of seeds 0, 1, 2 and so on, with 1 to 12 steps.</returns>
    public static IEnumerable<RandomGraph> Fixed(int count) => Enumerable.Range(0, count).Select(seed => AnyFromSeed(seed, 1 + (seed % 12)));

    /// <summary>Makes one model of a seed, without the generator.</summary>
    /// <param name="seed">The seed. Its steps begin with another one for each seed, so that neighbouring seeds reach all.</param>
    /// <param name="steps">Number of steps.</param>
    /// <returns>The model, the same for the same arguments.</returns>
    public static RandomGraph AnyFromSeed(int seed, int steps = 10)
    {
        var random = new Random(seed);
        var decisions = Enumerable.Range(0, steps).Select(i => Decide(i == 0 ? seed / 5 : random.Next(10_000), random)).ToList();
        return RandomGraphInterpreter.Any(seed).Run(decisions);
    }

    /// <summary>Makes a convolutional network of the common operators of operator set 17: one image in, free of operators that few runtimes fuse.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="steps">Number of steps.</param>
    /// <returns>The model, the same for the same arguments.</returns>
    public static RandomGraph FromSeed(int seed, int steps = 10)
    {
        var random = new Random(seed);
        return RandomGraphInterpreter.Plain(seed).Run([.. Enumerable.Range(0, steps).Select(_ => new RandomDecision(random.Next(1000), random.Next(4), random.Next(8), random.Next(16)))]);
    }

    private static RandomDecision Decide(int step, Random random) =>
        new(step, random.Next(4), random.Next(8), random.Next(16)) { Form = random.Next(64) };
}

/// <summary>One drawn step.</summary>
/// <param name="Step">Which kind of step, modulo their number.</param>
/// <param name="Source">How far back the value is that it works on.</param>
/// <param name="Other">How far back a second value is, and small choices.</param>
/// <param name="Amount">Sizes.</param>
public sealed record RandomDecision(int Step, int Source, int Other, int Amount)
{
    /// <summary>Which form of the step.</summary>
    public int Form { get; init; }
}
