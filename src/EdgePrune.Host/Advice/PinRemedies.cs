using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What the author of a model could do about channels that stay.</summary>
internal static class PinRemedies
{
    /// <summary>The remedy of a kind of reason.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="reasons">The reasons of that kind.</param>
    public static string For(PinKind kind, IEnumerable<PinReason> reasons) => kind switch
    {
        PinKind.GraphInput => "Nothing to do: the shape of an input is promised to whoever feeds the model.",
        PinKind.GraphOutput => "Nothing to do: the shape of an output is promised to whoever reads it. Layers before it can be pruned.",
        PinKind.UnknownOperator => "Export with operators of the standard domain (no vendor-specific optimisation before this step), or add a definition of the operator.",
        PinKind.MixesAxis when reasons.Any(r => r.Text.Contains("normalizes", StringComparison.Ordinal) || r.Text.Contains("combines all", StringComparison.Ordinal)) =>
            "Normalizations and means are kept as they are: '--norms adapt' lets them run over the kept channels only.",
        PinKind.MixesAxis when reasons.Any(r => r.Text.Contains("heads are removed whole", StringComparison.Ordinal)) =>
            "Heads can go whole; '--attention dimensions' removes dimensions inside every head instead.",
        PinKind.MixesAxis => "Nothing to do in the export: the operator needs every index of the axis. Prune the layers around it.",
        PinKind.SpatialAxis => "Nothing to do: places in an image or steps in time are no channels. A smaller input makes this axis cheaper.",
        PinKind.Subgraph => "Export without If, Loop and Scan: trace the model with fixed options instead of scripting it.",
        PinKind.UnknownShape => "Export with fixed sizes (no dynamic axes but the batch), so that every shape can be told.",
        PinKind.AmbiguousReshape => "Export each factor as an axis of its own before it is merged, or choose the factor with '--attention heads' or '--attention dimensions'.",
        PinKind.NotCovered => "Replace the use that the reason names by a plainer one, or split it into several operators.",
        PinKind.SharedConstant => "Export the constant once for each use (no weight tying, no deduplication of constants).",
        _ => throw new System.Diagnostics.UnreachableException($"{kind} has no remedy."),
    };
}
