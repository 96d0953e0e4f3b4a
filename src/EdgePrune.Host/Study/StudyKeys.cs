using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Names each cell by the SHA-256 of all that its figures depend on, and of nothing else: an option that changes leads to new
/// names of the cells it touches, and cells that seeds or options do not tell apart share one name.
/// </summary>
internal sealed class StudyKeys
{
    private readonly StudyOptions _options;
    private readonly string _evaluator;
    private readonly string _fitted;

    public StudyKeys(StudyInputs inputs, StudyOptions options)
    {
        _options = options;
        Model = OnnxFile.Digest(inputs.Model).Sha256;
        _fitted = SampleDigest.Of(inputs.Fitted);
        Samples = inputs.Scored is null ? "none" : SampleDigest.Of(inputs.Scored);
        _evaluator = $"{inputs.Evaluator.Metric}\n{inputs.Command}\n{Samples}";
    }

    /// <summary>SHA-256 of the original.</summary>
    public string Model { get; }

    /// <summary>SHA-256 of the samples that scores rest on, or <c>none</c>.</summary>
    public string Samples { get; }

    /// <summary>Whether scores rest on the samples that models are made from.</summary>
    public bool ScoresFittedSamples => Samples == _fitted;

    /// <summary>Name of a cell.</summary>
    public string Of(StudyCase cell) => Hash([Model, _evaluator, .. Pruning(cell), .. Training(cell), .. Change(cell)]);

    /// <summary>Name of the measured time of a model.</summary>
    public static string OfTime(string modelSha256, ProfileSettings settings) =>
        Hash([modelSha256, JsonSerializer.Serialize(settings, HostJson.Default.ProfileSettings), Environment.MachineName, Text(Environment.ProcessorCount)]);

    private IEnumerable<string> Pruning(StudyCase cell) => cell.Method switch
    {
        StudyMethod.Original => ["original"],
        StudyMethod.Unstructured => ["unstructured", Text(cell.Rate), _options.Scope.ToString()],
        _ => [cell.Method.ToString(), Text(cell.Rate), _options.Scope.ToString(), _options.Criterion, Calibration(cell.Seed)],
    };

    // Threads are left out: they change the last bits, and nothing that a study tells.
    private IEnumerable<string> Training(StudyCase cell) => cell.Epochs == 0
        ? []
        : ["trained", _fitted, JsonSerializer.Serialize(
            _options.Recipe with { Training = _options.Recipe.Training with { Epochs = cell.Epochs, Seed = cell.Seed, Threads = 1 } },
            HostJson.Default.FineTuneRecipe)];

    // Only what is calibrated depends on samples.
    private IEnumerable<string> Change(StudyCase cell) => PrecisionTable.Of(cell.Precision) switch
    {
        { NeedsSamples: true } form => [$"{form.Name} searched", _options.SignedActivations ? "signed" : "unsigned", Calibration(cell.Seed)],
        { Conversion: { } conversion } => [conversion.Name],
        _ => [],
    };

    private string Calibration(int seed) => $"{_fitted} {_options.CalibrationSamples} {seed}";

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Hash(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("study 1\n" + string.Join('\u001f', parts))))[..32];
}
