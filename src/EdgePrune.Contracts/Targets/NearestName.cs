namespace EdgePrune.Contracts;

/// <summary>Finds the name a person most likely meant.</summary>
public static class NearestName
{
    /// <summary>The known name with the fewest edits to a wrong one, or null when none is near.</summary>
    /// <param name="wrong">What was written.</param>
    /// <param name="known">The names that exist.</param>
    /// <returns>The nearest name within a third of its length (and at least two edits), the first of equals in ordinal order.</returns>
    public static string? Of(string wrong, IEnumerable<string> known)
    {
        if (wrong.Length > 128)
        {
            return null;
        }

        var (name, distance) = known
            .Select(k => (Name: k, Distance: Distance(wrong.ToLowerInvariant(), k.ToLowerInvariant())))
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .FirstOrDefault(("", int.MaxValue));
        return distance <= Math.Max(2, name.Length / 3) ? name : null;
    }

    // Levenshtein distance, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
