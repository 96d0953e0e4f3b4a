namespace EdgePrune.Host.Tests;

public sealed class IndexWordsTests
{
    [Theory]
    [InlineData("0|1|2|3", "rows 0..3, one for each channel")]
    [InlineData("4|5|6", "rows 4..6, one for each channel")]
    [InlineData("7", "row 7, one for each channel")]
    [InlineData("0|2|4", "every second row of 0..4, one for each channel")]
    [InlineData("2|0|3|1", "one row for each channel, in the order 2, 0, 3, 1")]
    [InlineData("6|5|4|3|2|1|0", "one row for each channel, in the order 6, 5, 4, 3, 2, 1, ...")]
    [InlineData("0 1 2|3 4 5", "one block of 3 rows for each channel (0..5)")]
    [InlineData("3 4 5|0 1 2", "one block of 3 rows for each channel (starting at 3, 0)")]
    [InlineData("0 4|1 5|2 6|3 7", "2 rows for each channel, 4 apart (0..7)")]
    [InlineData("0 1 4 5|2 3 6 7", "2 blocks of 2 rows for each channel, 4 apart (0..7)")]
    [InlineData("0 3 4|1 2 5", "3 rows for each channel, such as 0, 3, 4 for the first")]
    [InlineData("0 1 5|2 3 7", "3 rows for each channel, such as 0, 1, 5 for the first")]
    [InlineData("0 1|2", "1 to 2 rows for each channel (0..2)")]
    public void Describe_EveryShapeOfAMap_HasItsWords(string slices, string expected) =>
        Assert.Equal(expected, IndexWords.Describe([.. slices.Split('|').Select(c => (IReadOnlyList<int>)[.. c.Split(' ').Select(int.Parse)])], ("row", "rows")));

    [Theory]
    [InlineData(1, 0, "elements")]
    [InlineData(2, 0, "rows")]
    [InlineData(4, 1, "columns")]
    [InlineData(4, 3, "indices of axis 3")]
    public void UnitOf_AnAxis_HasTheWordOfTheRank(int rank, int axis, string expected) => Assert.Equal(expected, IndexWords.UnitOf(rank, axis).Many);
}
