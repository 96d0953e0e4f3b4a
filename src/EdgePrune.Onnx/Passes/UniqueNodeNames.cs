using System.Globalization;

namespace EdgePrune.Onnx;

/// <summary>Gives nodes of equal names new ones: the format allows equal names, ONNX Runtime does not.</summary>
public sealed class UniqueNodeNames : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "unique node names";

    /// <inheritdoc/>
    public int Apply(Model model)
    {
        var taken = model.Graph.Nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var repeated = model.Graph.Nodes.Where(n => n.Name.Length > 0 && !seen.Add(n.Name)).ToList();
        foreach (var node in repeated)
        {
            var stem = node.Name;
            for (var i = 1; !taken.Add(node.Name); i++)
            {
                node.Name = string.Create(CultureInfo.InvariantCulture, $"{stem}_{i}");
            }
        }

        return repeated.Count;
    }
}
