namespace EdgePrune.Host;

/// <summary>What is gathered of a layer's inputs.</summary>
/// <param name="Segment">Products are gathered of columns that lie in the same segment of as many; 0 for none.</param>
/// <param name="RowsOfSample">Most positions that are read of one sample: neighbouring ones say nearly the same.</param>
internal readonly record struct MomentsRequest(int Segment, int RowsOfSample)
{
    /// <summary>Positions of a sample, unless fewer are wanted.</summary>
    public const int MostRowsOfSample = 64;

    /// <summary>Means and squares alone.</summary>
    public static MomentsRequest Means { get; } = new(0, MostRowsOfSample);

    /// <summary>Products of all columns of a block.</summary>
    public static MomentsRequest Products { get; } = new(int.MaxValue, MostRowsOfSample);
}
