namespace EdgePrune.Host.Tests;

/// <summary>One row of the coverage table.</summary>
/// <param name="Item">Number of the construct on the coverage page.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Groups">The groups that must be found: name, number of channels, number of blocks when above 1.</param>
/// <param name="Pins">The reasons for which channels stay, sorted, without <c>GraphOutput</c>, which every model has.</param>
public sealed record CoverageCase(int Item, string Model, string Groups, string Pins = "")
{
    /// <inheritdoc/>
    public override string ToString() => Model;
}
