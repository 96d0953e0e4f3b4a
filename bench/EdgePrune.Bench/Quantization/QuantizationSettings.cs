using System.Globalization;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>What <c>quantization</c> compares.</summary>
internal sealed record QuantizationSettings
{
    /// <summary>Names of the models. <value>Default: all.</value></summary>
    public IReadOnlyList<string> Models { get; init; } = RivalModels.Names;
    /// <summary>Whether times are measured: slow, and of no worth on a busy machine. <value>Default: false.</value></summary>
    public bool Latency { get; init; }
    /// <summary>Draws of samples; every method quantizes every model once with each. <value>Default: 3.</value></summary>
    public int Draws { get; init; } = 3;
    /// <summary>File of the text-orientation model, or null.</summary>
    public string? TextModel { get; init; }
    /// <summary>Where the page goes.</summary>
    public string Output { get; init; } = Path.Combine(RepositoryFiles.Root, "bench", "results", "quantization.md");

    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static QuantizationSettings? TryParse(IReadOnlyList<string> arguments)
    {
        var settings = new QuantizationSettings();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--latency")
            {
                settings = settings with { Latency = true };
                continue;
            }

            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            QuantizationSettings? next = arguments[i] switch
            {
                "--models" when value.Split(',').All(RivalModels.Names.Contains) => settings with { Models = value.Split(',') },
                "--draws" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var draws) && draws > 0 => settings with { Draws = draws },
                "--text-model" when value.Length > 0 => settings with { TextModel = value },
                "--output" when value.Length > 0 => settings with { Output = value },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            (settings, i) = (next, i + 1);
        }

        return settings;
    }
}
