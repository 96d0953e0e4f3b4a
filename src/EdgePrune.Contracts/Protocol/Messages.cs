using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>A device asks to be known: <c>POST /v1/enroll</c>.</summary>
/// <param name="Token">The enrolment token that the operator gave out.</param>
/// <param name="Name">The device's name, unique in the hub: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 64.</param>
/// <param name="Target">Name of the device's target.</param>
/// <param name="AgentVersion">Version of the agent.</param>
public sealed record EnrollRequest(string Token, string Name, string Target, string AgentVersion);

/// <summary>The hub's answer to <see cref="EnrollRequest"/>.</summary>
/// <param name="DeviceId">The id to use from now on.</param>
/// <param name="Credential">The secret to send as <c>Authorization: Bearer</c>; the hub keeps only its hash.</param>
public sealed record EnrollResponse(string DeviceId, string Credential);

/// <summary>
/// What a device should run: <c>GET /v1/devices/{id}/desired?after={revision}&amp;wait={seconds}</c>;
/// 204 when nothing newer came while waiting.
/// </summary>
public sealed record DesiredState
{
    /// <summary>Grows with every change the operator makes for this device.</summary>
    public required long Revision { get; init; }

    /// <summary>The bundle to install, or null to keep what runs.</summary>
    public SignedManifest? Bundle { get; init; }

    /// <summary>What to measure once the bundle runs, or null for nothing.</summary>
    public ProfileOrder? Profile { get; init; }
}

/// <summary>An order to profile the running model.</summary>
/// <param name="OrderId">Unique id; the report carries it, and an order is carried out once.</param>
/// <param name="Settings">How to measure.</param>
public sealed record ProfileOrder(string OrderId, ProfileSettings Settings);

/// <summary>What happened on a device.</summary>
[JsonConverter(typeof(NameConverter<DeviceEventKind>))]
public enum DeviceEventKind
{
    /// <summary>The bundle was verified, self-tested and swapped in.</summary>
    Installed,
    /// <summary>The bundle was refused before it was swapped in; the old model keeps serving.</summary>
    Rejected,
    /// <summary>The bundle failed after the swap; the old model serves again.</summary>
    RolledBack,
    /// <summary>A profile was measured.</summary>
    Profiled,
    /// <summary>An order to profile failed.</summary>
    ProfileFailed,
}

/// <summary>One event of a device: <c>POST /v1/devices/{id}/events</c>. Sending it again changes nothing.</summary>
public sealed record DeviceEvent
{
    /// <summary>Grows with every event of this device; with the device's id it is the key under which repeats are ignored.</summary>
    public required long Sequence { get; init; }
    /// <summary>What happened.</summary>
    public required DeviceEventKind Kind { get; init; }
    /// <summary>When, by the device's clock.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The desired revision that led to the event; 0 when none did, as when a device tells what serves after a lost report.</summary>
    public required long Revision { get; init; }
    /// <summary>SHA-256 of the manifest payload the event is about, or null.</summary>
    public string? Bundle { get; init; }
    /// <summary>The error number, for a refusal or failure.</summary>
    public int? ErrorCode { get; init; }
    /// <summary>What went wrong and what to do, for a refusal or failure.</summary>
    public string? Message { get; init; }
    /// <summary>The order that was carried out, for profiles.</summary>
    public string? OrderId { get; init; }
    /// <summary>The measurements, for <see cref="DeviceEventKind.Profiled"/>.</summary>
    public ProfileReport? Profile { get; init; }
}

/// <summary>A device as the hub knows it: <c>GET /v1/devices</c>.</summary>
public sealed record DeviceInfo
{
    /// <summary>The id the hub gave.</summary>
    public required string DeviceId { get; init; }
    /// <summary>The device's name.</summary>
    public required string Name { get; init; }
    /// <summary>Name of the device's target.</summary>
    public required string Target { get; init; }
    /// <summary>Version of the agent when it enrolled.</summary>
    public required string AgentVersion { get; init; }
    /// <summary>When the device was last heard.</summary>
    public required DateTimeOffset LastSeen { get; init; }
    /// <summary>Revision of the state the operator wants.</summary>
    public required long DesiredRevision { get; init; }
    /// <summary>SHA-256 of the manifest payload that runs, or null.</summary>
    public string? RunningBundle { get; init; }
}

/// <summary>The operator sets what a device should run: <c>PUT /v1/devices/{id}/desired</c>, answered with the new <see cref="DesiredState"/>.</summary>
/// <param name="Bundle">The bundle to install, or null to keep what runs.</param>
/// <param name="Profile">What to measure, or null for nothing.</param>
public sealed record DesiredChange(SignedManifest? Bundle = null, ProfileOrder? Profile = null);

/// <summary>A page of events: <c>GET /v1/devices/{id}/events?after={sequence}&amp;wait={seconds}</c>.</summary>
/// <param name="Events">Events above the sequence asked for, in order.</param>
public sealed record EventPage(IReadOnlyList<DeviceEvent> Events);

/// <summary>The devices the hub knows.</summary>
/// <param name="Devices">In the order of their names.</param>
public sealed record DeviceList(IReadOnlyList<DeviceInfo> Devices);

/// <summary>An error that the hub answers with.</summary>
/// <param name="Code">Number of the <see cref="Contracts.ErrorCode"/>.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record ErrorResponse(int Code, string Message);
