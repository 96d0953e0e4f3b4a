using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>What the axes of a random model's value mean.</summary>
internal enum RandomLayout
{
    /// <summary>[N, C].</summary>
    Vector,
    /// <summary>[N, C, L].</summary>
    Signal,
    /// <summary>[N, C, H, W].</summary>
    Image,
    /// <summary>[N, C, D, H, W].</summary>
    Volume,
    /// <summary>[N, T, C].</summary>
    Tokens,
}

/// <summary>A value of a random model and the meaning of its axes.</summary>
/// <param name="Value">The value.</param>
/// <param name="Layout">The meaning.</param>
internal sealed record RandomValue(Value Value, RandomLayout Layout);
