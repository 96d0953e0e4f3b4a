namespace EdgePrune.Host;

/// <summary>What <see cref="Sparsifier"/> did, and what it is worth.</summary>
/// <param name="Method">The method of the result.</param>
/// <param name="Pattern">Where zeros may lie: <c>unstructured</c> or N:M.</param>
/// <param name="Weights">Weights that could become zero.</param>
/// <param name="Zeros">Those of them that are zero now.</param>
/// <param name="Parameters">Float parameters of the model.</param>
/// <param name="NonZero">Those of them that are not zero.</param>
/// <param name="Layers">Each weight that was made sparse, in the model's order.</param>
/// <param name="Untouched">Weights that stay as they are, and why.</param>
/// <param name="Choice">How the method compares with magnitude on held-out samples, or null without samples or a choice.</param>
/// <param name="Storage">Bytes before and after.</param>
public sealed record SparsityReport(
    SparsityMethod Method,
    string Pattern,
    long Weights,
    long Zeros,
    long Parameters,
    long NonZero,
    IReadOnlyList<SparseWeight> Layers,
    IReadOnlyList<UntouchedWeight> Untouched,
    SparsityChoice? Choice,
    SparsityStorage Storage)
{
    /// <summary>What zeros do for speed, in one sentence.</summary>
    public const string SpeedNote = "Zeros make the compressed file smaller and nothing faster: ONNX Runtime's CPU kernels multiply them like any other number.";

    /// <summary>Share of the weights that are zero.</summary>
    public double Rate => Weights == 0 ? 0 : (double)Zeros / Weights;

    /// <summary>What zeros do for speed.</summary>
    public string Speed => SpeedNote;
}

/// <summary>One weight that was made sparse.</summary>
/// <param name="Weight">Name of the weight.</param>
/// <param name="Node">The first node that uses it.</param>
/// <param name="OperatorType">Type of that node.</param>
/// <param name="Count">Number of its elements.</param>
/// <param name="Zeros">Those of them that are zero.</param>
/// <param name="Method">How they were chosen.</param>
/// <param name="Reason">Why it is another method than the model's, or null.</param>
public sealed record SparseWeight(string Weight, string Node, string OperatorType, long Count, long Zeros, SparsityMethod Method, string? Reason = null);

/// <summary>A weight that stays as it is.</summary>
/// <param name="Weight">Name of the weight.</param>
/// <param name="Node">A node that uses it.</param>
/// <param name="Reason">Why.</param>
public sealed record UntouchedWeight(string Weight, string Node, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Weight} of {Node}: {Reason}";
}

/// <summary>The method that was asked for beside magnitude, on samples that neither has seen. The better one is the result.</summary>
/// <param name="Asked">The method that was asked for.</param>
/// <param name="Error">Its output error: squared difference over the original's squares.</param>
/// <param name="MagnitudeError">The same by magnitude with the same pattern, rate and scope.</param>
/// <param name="Samples">Samples the method has seen.</param>
/// <param name="HeldOut">Samples the errors rest on.</param>
public sealed record SparsityChoice(SparsityMethod Asked, double Error, double MagnitudeError, int Samples, int HeldOut);
