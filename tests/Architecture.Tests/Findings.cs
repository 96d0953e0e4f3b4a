namespace Architecture.Tests;

/// <summary>What a rule found, one line each.</summary>
internal static class Findings
{
    /// <summary>Fails with every finding when there is one.</summary>
    internal static void AreNone(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{all.Count} finding(s):\n{string.Join('\n', all)}");
    }
}
