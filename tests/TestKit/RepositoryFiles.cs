namespace EdgePrune.TestKit;

/// <summary>Files of the repository.</summary>
public static class RepositoryFiles
{
    /// <summary>The repository's folder: the nearest one above the test program that holds <c>EdgePrune.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of a file of the repository.</summary>
    /// <param name="path">Path from the repository's folder, with forward slashes.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    public static string Find(string path)
    {
        var full = Path.Combine(Root, path);
        return Path.Exists(full) ? full : throw new FileNotFoundException($"'{path}' is not in the repository '{Root}'.", full);
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "EdgePrune.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds EdgePrune.sln.");
    }
}
