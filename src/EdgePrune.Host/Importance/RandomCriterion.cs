using System.Security.Cryptography;
using System.Text;

namespace EdgePrune.Host;

/// <summary>Random scores: the baseline that every criterion must beat. The same seed and group name give the same scores.</summary>
internal sealed class RandomCriterion : ICriterion
{
    public string Name => "random";

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Seed}:{group.Name}"));
        var random = new Random(BitConverter.ToInt32(hash));
        return [.. group.Channels.Select(_ => random.NextDouble())];
    }
}
