using System.Security.Cryptography;
using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Hash of everything that makes two reports comparable: machine, processor, system, firmware, ONNX Runtime and settings.
/// </summary>
public static class RunFingerprint
{
    /// <summary>Computes the fingerprint.</summary>
    /// <param name="conditions">Where the machine, the system and the runtime are taken from.</param>
    /// <param name="settings">How it is measured.</param>
    /// <returns>Lower-case hexadecimal SHA-256.</returns>
    public static string Of(RunConditions conditions, ProfileSettings settings)
    {
        string?[] parts =
        [
            conditions.Machine, conditions.Processor, $"{conditions.Processors}", conditions.System, conditions.Firmware, conditions.Governor, conditions.OnnxRuntimeVersion,
            Encoding.UTF8.GetString(CanonicalJson.Write(settings, ContractsJson.Default.ProfileSettings)),
        ];
        // Lengths keep neighbouring parts apart; -1 keeps a missing part apart from an empty one.
        var text = string.Concat(parts.Select(p => $"{p?.Length ?? -1}:{p}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
