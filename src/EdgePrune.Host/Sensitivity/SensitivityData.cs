namespace EdgePrune.Host;

/// <summary>The samples of a scan.</summary>
/// <param name="Fitted">Those that scores and repair rest on.</param>
/// <param name="Scored">Those that every candidate is run on.</param>
internal sealed record SensitivityData(ISampleSource Fitted, ISampleSource Scored)
{
    /// <summary>SHA-256 of all values and labels, in their order.</summary>
    public string Digest() => SampleDigest.Of(Fitted, Scored);
}
