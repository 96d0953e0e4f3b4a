using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>Keeps a second agent out of a data folder; two would swap slots under each other.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The data folder, which exists.</param>
    /// <returns>The lock; the system releases it when the process ends, however it ends.</returns>
    /// <exception cref="DeviceException">Another process holds it, or the folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "agent.lock");
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeviceException(ErrorCode.CannotWrite, $"The data folder '{folder}' cannot be locked: {e.Message} Stop the other agent that uses it, or choose another folder with --data.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
