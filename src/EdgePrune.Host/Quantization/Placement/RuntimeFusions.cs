using System.Text.Json;
using System.Text.Json.Serialization;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What ONNX Runtime merges into integer kernels, and what each architecture wants of a quantized model: one file, checked against the runtime by a test.</summary>
/// <param name="Runtime">Version of ONNX Runtime that the table was checked with.</param>
/// <param name="Operators">The operators that are merged.</param>
/// <param name="Architectures">Presets by the name that targets use.</param>
internal sealed record RuntimeFusions(string Runtime, IReadOnlyDictionary<string, OperatorFusion> Operators, IReadOnlyDictionary<string, ArchitecturePreset> Architectures)
{
    private static readonly Lazy<RuntimeFusions> Stored = new(Read);

    /// <summary>The table.</summary>
    public static RuntimeFusions Table => Stored.Value;

    /// <summary>Whether the runtime merges a node with the conversions around it.</summary>
    public static bool Merges(Node node) => node.Domain.Length == 0 && Table.Operators.ContainsKey(node.OperatorType);

    /// <summary>What a target's architecture wants; that of ARM64 for a model whose device is not known.</summary>
    /// <param name="architecture">The architecture, or null.</param>
    public static ArchitecturePreset PresetOf(string? architecture) =>
        architecture is not null && Table.Architectures.TryGetValue(architecture, out var preset) ? preset : Table.Architectures["arm64"];

    private static RuntimeFusions Read()
    {
        using var stream = typeof(RuntimeFusions).Assembly.GetManifestResourceStream("runtime-fusions.json")!;
        return JsonSerializer.Deserialize(stream, FusionsJson.Default.RuntimeFusions)!;
    }
}

/// <summary>How the runtime merges an operator.</summary>
/// <param name="Kernel">Type of the merged node, or <c>drop</c> where the operator works on integers itself.</param>
internal sealed record OperatorFusion(string Kernel);

/// <summary>What an architecture wants of a quantized model.</summary>
/// <param name="SignedActivations">Whether its kernels want signed activations.</param>
/// <param name="MacsPerConversion">How many multiply-accumulates integers must save for each element that is converted: an integer kernel saves about 0.1 to 0.3 ns for each, and a conversion takes 0.5 to 1 ns.</param>
/// <param name="Source">Where this is from.</param>
/// <param name="SessionOptions">Session options without which it computes other numbers.</param>
internal sealed record ArchitecturePreset(bool SignedActivations, double MacsPerConversion, string Source, IReadOnlyDictionary<string, string>? SessionOptions = null);

/// <summary>JSON of the table.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RuntimeFusions))]
internal sealed partial class FusionsJson : JsonSerializerContext;
