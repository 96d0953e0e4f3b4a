using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>The highest version of a model line that this device has served.</summary>
/// <param name="Version">The version.</param>
/// <param name="Identity">SHA-256 of the manifest payload; the same bytes may be installed again, other bytes of this version may not.</param>
internal sealed record AcceptedBundle(long Version, string Identity);

/// <summary>What the agent must remember over a restart, apart from the slots and the events that wait.</summary>
internal sealed record DeviceState
{
    private const int MaxDoneOrders = 256;
    private const int MaxQuarantined = 4096;

    /// <summary>The id the hub gave, or null before enrolment.</summary>
    public string? DeviceId { get; init; }
    /// <summary>The secret for the hub, or null before enrolment.</summary>
    public string? Credential { get; init; }
    /// <summary>The last desired revision that was carried out entirely.</summary>
    public long Revision { get; init; }
    /// <summary>The last desired revision whose bundle has its result: installed, rejected or rolled back.</summary>
    public long BundleRevision { get; init; }
    /// <summary>Sequence of the next event.</summary>
    public long NextSequence { get; init; } = 1;
    /// <summary>A moment that has certainly passed: expiry is held against it when the clock is behind it.</summary>
    public DateTimeOffset TimeFloor { get; init; }
    /// <summary>The highest version of each model line.</summary>
    public IReadOnlyDictionary<string, AcceptedBundle> Accepted { get; init; } = new Dictionary<string, AcceptedBundle>();
    /// <summary>Identities that failed here and are never tried again.</summary>
    public IReadOnlyList<string> Quarantined { get; init; } = [];
    /// <summary>The latest profile orders that were carried out.</summary>
    public IReadOnlyList<string> DoneOrders { get; init; } = [];

    /// <summary>The bundle that the hub was told serves here, or null when it was told of none since the enrolment.</summary>
    public string? Told { get; init; }

    /// <summary>The profile order that was started last, or null.</summary>
    public string? StartedOrder { get; init; }
    /// <summary>How often <see cref="StartedOrder"/> was started; written before each start.</summary>
    public int OrderAttempts { get; init; }

    /// <summary>
    /// The state once an event has happened. Pure, and applying an event twice changes nothing, so that an event file
    /// on disk is the log from which an interrupted state change is completed.
    /// </summary>
    /// <param name="happened">The event.</param>
    /// <returns>The new state.</returns>
    public DeviceState After(DeviceEvent happened)
    {
        var next = this with { NextSequence = Math.Max(NextSequence, happened.Sequence + 1) };
        if (happened.Kind is DeviceEventKind.Profiled or DeviceEventKind.ProfileFailed)
        {
            return next with { DoneOrders = Add(DoneOrders, happened.OrderId, MaxDoneOrders) };
        }

        return next with
        {
            BundleRevision = Math.Max(BundleRevision, happened.Revision),
            Told = happened.Kind switch
            {
                DeviceEventKind.Installed => happened.Bundle,
                DeviceEventKind.RolledBack when Told == happened.Bundle => null,
                _ => Told,
            },
            Quarantined = FailedHere(happened) ? Add(Quarantined, happened.Bundle, MaxQuarantined) : Quarantined,
        };
    }

    /// <summary>The state once a bundle serves.</summary>
    /// <param name="manifest">The bundle.</param>
    /// <param name="identity">Its identity.</param>
    /// <param name="now">The time its expiry was held against.</param>
    /// <returns>The new state.</returns>
    public DeviceState Accept(BundleManifest manifest, string identity, DateTimeOffset now)
    {
        var floor = manifest.CreatedAt > now ? manifest.CreatedAt : now;
        var isNewest = !Accepted.TryGetValue(manifest.Name, out var known) || known.Version < manifest.Version;
        return this with
        {
            TimeFloor = floor > TimeFloor ? floor : TimeFloor,
            Accepted = isNewest
                ? new Dictionary<string, AcceptedBundle>(Accepted) { [manifest.Name] = new(manifest.Version, identity) }
                : Accepted,
        };
    }

    /// <summary>The version that a bundle must be above.</summary>
    /// <param name="name">Name of the model line.</param>
    /// <param name="identity">The bundle's identity: the newest accepted bundle itself may be installed again.</param>
    /// <returns>The version, 0 when there is none.</returns>
    public long HighestVersion(string name, string identity) =>
        !Accepted.TryGetValue(name, out var known) ? 0 : known.Identity == identity ? known.Version - 1 : known.Version;

    private static bool FailedHere(DeviceEvent happened) =>
        happened.Kind == DeviceEventKind.RolledBack
        || (happened.Kind == DeviceEventKind.Rejected && happened.ErrorCode == (int)ErrorCode.SelfTestFailed);

    private static IReadOnlyList<string> Add(IReadOnlyList<string> list, string? item, int max) =>
        item is null || list.Contains(item) ? list : [.. list.TakeLast(max - 1), item];
}
