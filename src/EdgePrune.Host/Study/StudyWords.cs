using System.Globalization;

namespace EdgePrune.Host;

/// <summary>Figures of a study as its tables show them, the same in every language.</summary>
public static class StudyWords
{
    private const double Mega = 1e6;

    /// <summary>A score, with its deviation where there are several seeds, such as <c>98.71 ± 0.04</c>.</summary>
    /// <param name="row">A row with a score.</param>
    /// <returns>The text.</returns>
    public static string Score(StudyRow row) => row.Score is not { } score
        ? "failed"
        : score.ToString("0.00", CultureInfo.InvariantCulture) + (row.ScoreDeviation is { } deviation ? $" \u00b1 {deviation.ToString("0.00", CultureInfo.InvariantCulture)}" : "");

    /// <summary>A size in MB of a million bytes: three significant digits, and at least two decimals.</summary>
    /// <param name="bytes">The size.</param>
    /// <returns>The text, or nothing.</returns>
    public static string Megabytes(long? bytes) => bytes switch
    {
        null => "",
        < 100_000 => (bytes.Value / Mega).ToString("0.0000", CultureInfo.InvariantCulture),
        < 1_000_000 => (bytes.Value / Mega).ToString("0.000", CultureInfo.InvariantCulture),
        _ => (bytes.Value / Mega).ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>Non-zero of all parameters, such as <c>210,938 / 421,642</c>.</summary>
    /// <param name="row">A row.</param>
    /// <returns>The text, or nothing.</returns>
    public static string Counts(StudyRow row) => row is { NonZero: { } rest, Parameters: { } all }
        ? string.Create(CultureInfo.InvariantCulture, $"{rest:N0} / {all:N0}")
        : "";

    /// <summary>Why a row is empty, or rests on fewer seeds.</summary>
    /// <param name="row">A row with a failure.</param>
    /// <returns>The text, or nothing.</returns>
    public static string Failure(StudyRow row) => row.Failure is null ? "" : row.Seeds == 0 ? $"failed. {row.Failure.Message}" : $"a seed failed. {row.Failure.Message}";
}
