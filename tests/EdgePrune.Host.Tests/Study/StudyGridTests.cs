namespace EdgePrune.Host.Tests;

public sealed class StudyGridTests
{
    [Fact]
    public void Expand_AnyGrid_HoldsEachCellOnceInTheOrderOfTheTable()
    {
        var options = new StudyOptions { Rates = [0.7, 0.3, 0.7], Epochs = [3, 1], Precisions = [Precision.Int8], Seeds = [5, 6, 5] }.Complete();

        var grid = StudyGrid.Expand(options);

        Assert.Equal(1 + 2 + (2 * 2 * 2 * 3 * 2), grid.Count);
        Assert.Equal(grid.Count, grid.Distinct().Count());
        Assert.Equal(
            ["original", "original + int8", "unstructured 30 %", "unstructured 30 % + 1 epoch", "unstructured 30 % + 3 epochs", "unstructured 30 % + int8", "unstructured 30 % + 1 epoch + int8", "unstructured 30 % + 3 epochs + int8", "unstructured 70 %"],
            grid.Select(c => c.Name).Distinct().Take(9));
        Assert.Equal([5, 6], grid.Skip(3).Take(2).Select(c => c.Seed));
    }

    [Theory]
    [InlineData(StudyMethod.Unrepaired, 0.625, 1, Precision.Int8, "structured 62.5 %, no repair + 1 epoch + int8")]
    [InlineData(StudyMethod.Structured, 0.5, 0, Precision.Float32, "structured 50 %")]
    [InlineData(StudyMethod.Original, 0, 0, Precision.Int8, "original + int8")]
    [InlineData(StudyMethod.Original, 0, 0, Precision.Dynamic, "original + dynamic")]
    [InlineData(StudyMethod.Structured, 0.3, 2, Precision.Weights4, "structured 30 % + 2 epochs + weights4")]
    public void Name_OfACase_IsWords(StudyMethod method, double rate, int epochs, Precision precision, string expected) =>
        Assert.Equal(expected, new StudyCase(method, rate, epochs, precision, 1).Name);

    [Fact]
    public void Expand_SeveralSeeds_OfTheOriginalRepeatsOnlyWhatIsCalibrated()
    {
        var options = new StudyOptions { Precisions = [.. Enum.GetValues<Precision>()], Seeds = [1, 2, 3] }.Complete();

        var original = StudyGrid.Expand(options).Where(c => c.Method == StudyMethod.Original).CountBy(c => c.Precision).ToDictionary();

        Assert.All(original, p => Assert.Equal(p.Key == Precision.Int8 ? 3 : 1, p.Value));
        Assert.Equal(PrecisionTable.All.Count, original.Count);
    }

    [Fact]
    public void Validate_FaultyOptions_NamesEachFault()
    {
        var options = new StudyOptions
        {
            Methods = [], Rates = [0, 1], Epochs = [-1], Seeds = [], Scope = PruningScope.Isomorphic, CalibrationSamples = 0, Tolerance = double.NaN, Precisions = [(Precision)99], Recipe = new FineTuneRecipe { Training = new TrainingOptions { BatchSize = 0 } },
        };

        Assert.Equal(9, options.Validate().Count);
        Assert.Empty(new StudyOptions().Validate());
    }
}
