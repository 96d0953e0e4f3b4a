using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>Addresses of kept measurements. What cannot be right must not become part of one.</summary>
internal static class RunAddress
{
    /// <summary>A page.</summary>
    public static string Of(RunFilter filter, long? before, int most)
    {
        if (filter.Device is { } device && !ManifestRules.IsName(device))
        {
            throw new NetworkException(ErrorCode.UnknownDevice, $"'{device}' is neither a device's id nor a name. List the devices with 'edgeprune device list'.");
        }

        (string Name, string? Value)[] parameters =
        [
            ("device", filter.Device), ("model", filter.ModelSha256), ("id", filter.IdStart),
            ("before", before?.ToString(CultureInfo.InvariantCulture)),
            ("count", Math.Min(most, RunTable.MaxPerPage).ToString(CultureInfo.InvariantCulture)),
        ];
        return "/v1/runs?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
    }

    /// <summary>One measurement.</summary>
    public static string Of(string id) => id.Length == RunSummary.IdLength && id.All(char.IsAsciiHexDigitLower)
        ? $"/v1/runs/{id}"
        : throw new InputException(ErrorCode.UnknownRun, $"'{id}' is no whole id of a measurement: {RunSummary.IdLength} lower-case hexadecimal digits. List what there is with 'edgeprune history list'.");
}
