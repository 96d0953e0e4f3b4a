using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The folder in which a local hub and agent keep their state for one run.</summary>
internal static class StateFolder
{
    private const string Marker = "made-by-edgeprune";

    /// <summary>Makes the folder anew; what an earlier run left in it is deleted, and nothing else ever is.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InputException">The folder exists and was not made here.</exception>
    public static void MakeAnew(string folder)
    {
        try
        {
            RequireFree(folder);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, Marker), "State of a hub and an agent; the next run deletes this folder.\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.CannotWrite, $"The folder '{folder}' cannot be made anew: {e.Message} Choose another with --out.", e);
        }
    }

    /// <summary>Requires that the folder may be made anew; nothing is touched.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.OutputExists"/>: it holds what was not made here.</exception>
    public static void RequireFree(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, Marker)))
        {
            throw new InputException(ErrorCode.OutputExists, $"The folder '{folder}' exists and is not this tool's. Choose another with --out.");
        }
    }
}
