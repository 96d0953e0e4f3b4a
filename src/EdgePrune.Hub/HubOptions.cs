using System.Net;
using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>How a hub runs: where it keeps its data, where it listens, who may speak to it, and how much it accepts.</summary>
public sealed record HubOptions
{
    /// <summary>Fewest characters of a token: below this, tokens can be guessed.</summary>
    public const int MinTokenLength = 16;

    /// <summary>The most devices a hub can know, so that the list of them fits into one message.</summary>
    public const int HighestMaxDevices = 9_000;

    /// <summary>Measurements that are kept for each device when nothing else is said. A report has about 10 KB.</summary>
    public const int DefaultMaxRunsPerDevice = 200;

    /// <summary>Folder of the database and the blobs; it is made when it does not exist. One hub at a time uses it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>IP address to listen on. <value>Default: <c>127.0.0.1</c>, which only this machine can reach; <c>0.0.0.0</c> is every IPv4 interface.</value></summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port to listen on. <value>Default: 0, any free port. Range: 0 to 65535.</value></summary>
    public int Port { get; init; }

    /// <summary>The secret with which a device becomes known; give it to whoever sets devices up. At least 16 characters.</summary>
    public required string EnrolmentToken { get; init; }

    /// <summary>The secret with which the operator uploads blobs and sets what devices run. At least 16 characters, and not the enrolment token.</summary>
    public required string OperatorToken { get; init; }

    /// <summary>PEM file of the TLS certificate, or null to speak plain HTTP. <value>Default: null. Use one on any network you do not trust: tokens travel with the requests.</value></summary>
    public string? CertificatePath { get; init; }

    /// <summary>PEM file of the certificate's private key; needed with <see cref="CertificatePath"/>. <value>Default: null.</value></summary>
    public string? CertificateKeyPath { get; init; }

    /// <summary>The largest blob that is accepted, in bytes. <value>Default and most: <see cref="ProtocolLimits.MaxBlobBytes"/>.</value></summary>
    public long MaxBlobBytes { get; init; } = ProtocolLimits.MaxBlobBytes;

    /// <summary>The most devices that can enrol. <value>Default: 5000. Range: 1 to 9000.</value></summary>
    public int MaxDevices { get; init; } = 5_000;

    /// <summary>Events kept for each device; beyond that the oldest are dropped. <value>Default: 1000. Range: 1 to 1000000.</value></summary>
    public int MaxEventsPerDevice { get; init; } = 1_000;

    /// <summary>Measurements kept for each device, in the history of <c>/v1/runs</c>; beyond that the oldest are dropped. <value>Default: 200. Range: 1 to 100000.</value></summary>
    public int MaxRunsPerDevice { get; init; } = DefaultMaxRunsPerDevice;

    /// <summary>The most connections at one time; a long poll holds one. <value>Default: 10000. Range: 1 to 100000.</value></summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>All faults of the options; empty when they are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Require(faults, !string.IsNullOrWhiteSpace(DataFolder), "DataFolder is empty; name the folder that keeps the hub's data.");
        Require(faults, IPAddress.TryParse(Address, out _), $"Address is '{Address}'; it must be an IP address such as 127.0.0.1 or 0.0.0.0.");
        Require(faults, Port is >= 0 and <= 65535, $"Port is {Port}; it must be between 0 and 65535.");
        Require(faults, EnrolmentToken.Length >= MinTokenLength, $"EnrolmentToken has {EnrolmentToken.Length} characters; it must have at least {MinTokenLength}.");
        Require(faults, OperatorToken.Length >= MinTokenLength, $"OperatorToken has {OperatorToken.Length} characters; it must have at least {MinTokenLength}.");
        Require(faults, EnrolmentToken != OperatorToken, "EnrolmentToken and OperatorToken are the same; a device could then act as the operator. Use two.");
        Require(faults, CertificatePath is null == CertificateKeyPath is null, "CertificatePath and CertificateKeyPath go together; give both or neither.");
        Require(faults, MaxBlobBytes is >= 1 and <= ProtocolLimits.MaxBlobBytes, $"MaxBlobBytes is {MaxBlobBytes}; it must be between 1 and {ProtocolLimits.MaxBlobBytes}.");
        Require(faults, MaxDevices is >= 1 and <= HighestMaxDevices, $"MaxDevices is {MaxDevices}; it must be between 1 and {HighestMaxDevices}.");
        Require(faults, MaxEventsPerDevice is >= 1 and <= 1_000_000, $"MaxEventsPerDevice is {MaxEventsPerDevice}; it must be between 1 and 1000000.");
        Require(faults, MaxRunsPerDevice is >= 1 and <= 100_000, $"MaxRunsPerDevice is {MaxRunsPerDevice}; it must be between 1 and 100000.");
        Require(faults, MaxConnections is >= 1 and <= 100_000, $"MaxConnections is {MaxConnections}; it must be between 1 and 100000.");
        return faults;
    }

    private static void Require(List<string> faults, bool sound, string fault)
    {
        if (!sound)
        {
            faults.Add(fault);
        }
    }
}
