using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A node whose constants take up factors on the channels that it makes and reads.</summary>
internal interface IBalanced
{
    /// <summary>The channels that it makes, in their order; null for one that cannot be scaled.</summary>
    IReadOnlyList<int?> Made { get; }

    /// <summary>The channels that it reads, and how far the weights that read each reach: a share of the largest of their row.</summary>
    IEnumerable<(int? Channel, double Share)> Read();

    /// <summary>Writes the factors into the constants.</summary>
    /// <param name="editor">Changes the graph.</param>
    /// <param name="divisorOf">What a channel is divided by; 1 for those that stay.</param>
    void Scale(GraphEditor editor, Func<int?, double> divisorOf);
}
