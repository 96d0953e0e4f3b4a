using System.Globalization;

namespace EdgePrune.Host;

/// <summary>Which model a cell is about.</summary>
/// <param name="Method">How it was made smaller.</param>
/// <param name="Rate">Share of the weights, or of the channels, that went; 0 for the original.</param>
/// <param name="Epochs">Epochs of fine-tuning after that.</param>
/// <param name="Precision">Number format.</param>
/// <param name="Seed">Seed of the samples that repair and calibration see, and of training.</param>
public sealed record StudyCase(StudyMethod Method, double Rate, int Epochs, Precision Precision, int Seed)
{
    /// <summary>The case in words, without the seed, such as <c>structured 50 % + 3 epochs + int8</c>.</summary>
    public string Name => string.Join(" + ", Words());

    /// <summary>A rate in percent, such as <c>62.5 %</c>.</summary>
    internal static string Percent(double rate) => (100 * rate).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>A method in words.</summary>
    internal static string Word(StudyMethod method) => method switch
    {
        StudyMethod.Unrepaired => "structured, no repair",
        _ => method.ToString().ToLowerInvariant(),
    };

    /// <summary>A number of epochs in words.</summary>
    internal static string Word(int epochs) => epochs == 1 ? "1 epoch" : $"{epochs} epochs";

    private IEnumerable<string> Words()
    {
        yield return Method switch
        {
            StudyMethod.Original => "original",
            StudyMethod.Unrepaired => $"structured {Percent(Rate)}, no repair",
            _ => $"{Word(Method)} {Percent(Rate)}",
        };
        if (Epochs > 0)
        {
            yield return Word(Epochs);
        }

        if (Precision != Precision.Float32)
        {
            yield return PrecisionTable.Of(Precision).Name;
        }
    }
}
