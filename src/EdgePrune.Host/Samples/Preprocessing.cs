using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// How stored numbers become a model's input: reshaped to <see cref="Shape"/>, moved from <see cref="StoredLayout"/> to
/// <see cref="Layout"/>, then <c>(value * scale - mean[c]) / std[c]</c>. A file named <c>preprocessing.json</c> beside the
/// data states it, such as <c>{"scale": 0.00392156862745098, "mean": [0.1307], "std": [0.3081], "shape": [1, 28, 28]}</c>.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Name of the file beside the data.</summary>
    public const string FileName = "preprocessing.json";

    /// <summary>What each stored number is multiplied with, such as 1/255 for pixels. <value>Default: 1.</value></summary>
    public double Scale { get; set; } = 1;

    /// <summary>What is subtracted after scaling: none, one number, or one for each channel. <value>Default: none.</value></summary>
    public IReadOnlyList<double> Mean { get; set; } = [];

    /// <summary>What the difference is divided by: none, one number, or one for each channel; not 0. <value>Default: none.</value></summary>
    public IReadOnlyList<double> Std { get; set; } = [];

    /// <summary>Shape of one stored sample when it differs from the file's, with as many elements. <value>Default: null, the file's.</value></summary>
    public IReadOnlyList<long>? Shape { get; set; }

    /// <summary>Layout of the model's input. <value>Default: channels first.</value></summary>
    public SampleLayout Layout { get; set; } = SampleLayout.ChannelsFirst;

    /// <summary>Layout in the file. <value>Default: null, the same as <see cref="Layout"/>.</value></summary>
    public SampleLayout? StoredLayout { get; set; }

    /// <summary>Column of a CSV file that holds the label, from 0; -1 is the last. <value>Default: null: a column whose heading is <c>label</c>, <c>class</c> or <c>y</c>, else none.</value></summary>
    public int? LabelColumn { get; set; }

    /// <summary>All faults; empty when it is sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Require(faults, double.IsFinite(Scale) && Scale != 0, $"scale is {Scale}; it must be a number other than 0.");
        Require(faults, Mean.All(double.IsFinite), "mean holds something that is no finite number.");
        Require(faults, Std.All(s => double.IsFinite(s) && s != 0), "std holds a 0 or something that is no finite number.");
        Require(faults, Shape is null || Shape.All(d => d is > 0 and <= int.MaxValue), "shape holds a dimension below 1 or too large.");
        Require(faults, LabelColumn is null or >= -1, $"labelColumn is {LabelColumn}; it must be -1 or more.");
        return faults;
    }

    /// <summary>Reads a preprocessing file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The record; it is sound.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.FileNotFound"/>, or <see cref="ErrorCode.InvalidSampleFile"/> as in <see cref="Parse"/>.</exception>
    public static Preprocessing Read(string path) => File.Exists(path)
        ? Parse(File.ReadAllText(path), path)
        : throw new InputException(ErrorCode.FileNotFound, $"The preprocessing file '{path}' does not exist. Check the path.");

    /// <summary>Reads a preprocessing record.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <returns>The record; it is sound.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidSampleFile"/>: the text is malformed, has an unknown member, or breaks a range.</exception>
    public static Preprocessing Parse(string json, string source = FileName)
    {
        try
        {
            var read = JsonSerializer.Deserialize(json, PreprocessingJson.Default.Preprocessing) ?? throw new JsonException("It is null.");
            return read.RequireSound(source);
        }
        catch (JsonException e)
        {
            throw new InputException(ErrorCode.InvalidSampleFile, $"'{source}' is no preprocessing record: {e.Message} Its members are scale, mean, std, shape, layout, storedLayout and labelColumn.", e);
        }
    }

    internal Preprocessing RequireSound(string source) => Validate() is not { Count: > 0 } faults
        ? this
        : throw new InputException(ErrorCode.InvalidSampleFile, $"The preprocessing in '{source}' has {faults.Count} fault(s): {string.Join(" ", faults)} Correct them.");

    private static void Require(List<string> faults, bool sound, string fault)
    {
        if (!sound)
        {
            faults.Add(fault);
        }
    }
}
