using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Reads and writes key files.</summary>
internal static class KeyFiles
{
    /// <summary>Reads a private key.</summary>
    /// <param name="path">The PEM file.</param>
    /// <exception cref="EdgePruneException">The file is missing or no private key.</exception>
    public static SigningKey ReadPrivate(string path) => SigningKey.FromPem(Text(path));

    /// <summary>Reads a public key; of a private key file, its public half.</summary>
    /// <param name="path">The PEM file.</param>
    /// <exception cref="EdgePruneException">The file is missing or no key.</exception>
    public static TrustedKey ReadPublic(string path) => TrustedKey.FromPem(Text(path));

    /// <summary>Writes a new private key that only its owner can read. An existing file is never replaced: a lost key cannot be made again.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="InputException">The file exists or cannot be written.</exception>
    public static void WriteNewPrivate(string path, SigningKey key)
    {
        if (File.Exists(path) || Directory.Exists(path))
        {
            throw new InputException(ErrorCode.OutputExists, $"'{path}' exists, and keys are never overwritten. Choose another name.");
        }

        var temporary = path + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            Write(temporary, key.ToPem());
            File.Move(temporary, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new InputException(ErrorCode.CannotWrite, $"'{path}' cannot be written: {e.Message} Choose another folder.", e);
        }
    }

    private static void Write(string path, string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(System.Text.Encoding.ASCII.GetBytes(pem + "\n"));
        file.Flush(flushToDisk: true);
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"The key file '{path}' cannot be read: {e.Message} Make one with 'edgeprune keys create'.", e);
        }
    }
}
