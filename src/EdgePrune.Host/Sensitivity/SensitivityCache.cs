using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Keeps curves on disk, one file for each model, options and data, so that a scan is resumed where it stopped.</summary>
/// <param name="folder">The folder; it is made when something is written.</param>
public sealed class SensitivityCache(string folder)
{
    private const int MaxBytes = 64 << 20;

    /// <summary>Reads what was kept.</summary>
    /// <param name="key">SHA-256 of all that the curves depend on.</param>
    /// <returns>The curves, or null when there are none that can be read; then they are measured again.</returns>
    public SensitivityCurves? Read(string key)
    {
        var file = new FileInfo(PathOf(key));
        if (!file.Exists || file.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            var curves = JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), HostJson.Default.SensitivityCurves);
            return curves is { Format: 1 } && curves.Groups.All(g => g?.Points?.All(p => p is not null) == true) ? curves : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Measuring again gives what the file should have held.
            return null;
        }
    }

    /// <summary>Keeps curves, whole or as far as they were measured.</summary>
    /// <param name="key">SHA-256 of all that the curves depend on.</param>
    /// <param name="curves">The curves.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.CannotWrite"/>.</exception>
    public void Write(string key, SensitivityCurves curves) =>
        WholeFile.Write(PathOf(key), JsonSerializer.SerializeToUtf8Bytes(curves, HostJson.Default.SensitivityCurves));

    private string PathOf(string key) => Path.Combine(folder, key + ".json");
}
