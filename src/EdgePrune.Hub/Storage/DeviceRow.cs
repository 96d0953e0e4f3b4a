namespace EdgePrune.Hub;

/// <summary>What a request needs to know of a device.</summary>
/// <param name="Id">The id the hub gave.</param>
/// <param name="Enrolment">How often the device enrolled; events belong to one enrolment.</param>
/// <param name="LastSeen">When the database last heard of it.</param>
internal sealed record DeviceRow(string Id, long Enrolment, DateTimeOffset LastSeen);
