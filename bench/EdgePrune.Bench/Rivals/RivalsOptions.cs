using System.Globalization;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>What to compare.</summary>
internal sealed record RivalsOptions
{
    /// <summary>Names of the models. <value>Default: all.</value></summary>
    public IReadOnlyList<string> Models { get; init; } = RivalModels.Names;
    /// <summary>Shares to remove, or null for each model's own.</summary>
    public IReadOnlyList<double>? Rates { get; init; }
    /// <summary>The draws. <value>Default: 1, 2, 3.</value></summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];
    /// <summary>Whether cells of earlier runs are dropped.</summary>
    public bool Fresh { get; init; }
    /// <summary>File of the text-orientation model, or null.</summary>
    public string? TextModel { get; init; }
    /// <summary>Where the page goes; figures and plots go beside it.</summary>
    public string Output { get; init; } = Path.Combine(RepositoryFiles.Root, "bench", "results", "rivals.md");

    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static RivalsOptions? TryParse(IReadOnlyList<string> arguments)
    {
        var options = new RivalsOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            RivalsOptions? next = arguments[i] switch
            {
                "--quick" => options with { Models = ["mnist"], Rates = [0.5, 0.8], Seeds = [1] },
                "--fresh" => options with { Fresh = true },
                "--models" when value is not null && value.Split(',').All(RivalModels.Names.Contains) => options with { Models = value.Split(',') },
                "--rates" when Numbers(value) is { } rates && rates.All(r => r is > 0 and < 1) => options with { Rates = rates },
                "--seeds" when Numbers(value) is { } seeds && seeds.All(double.IsInteger) => options with { Seeds = [.. seeds.Select(s => (int)s)] },
                "--text-model" when value is not null => options with { TextModel = value },
                "--output" when value is not null => options with { Output = value },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            i += arguments[i] is "--quick" or "--fresh" ? 0 : 1;
            options = next;
        }

        return options;
    }

    private static double[]? Numbers(string? text)
    {
        var numbers = (text ?? "").Split(',').Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : double.NaN).ToArray();
        return numbers.Any(double.IsNaN) ? null : numbers;
    }
}
