using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Reads bundle files.</summary>
internal static class BundleFiles
{
    /// <summary>Reads a bundle and checks the hashes of its blobs; the signature is not checked.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="EdgePruneException">The file is missing or no bundle.</exception>
    public static BundleFile Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return BundleFile.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"The bundle '{path}' cannot be read: {e.Message} Pack one with 'edgeprune bundle pack'.", e);
        }
    }
}
