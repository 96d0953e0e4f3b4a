using System.Text.Json.Serialization;

namespace EdgePrune.Device;

/// <summary>
/// The agent's settings as a JSON file, environment variables or arguments give them; a missing one is null. A name that is
/// not here is refused: a setting with a typing error must not be ignored. <c>packaging/agent.schema.json</c> describes the file.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AgentOptionsFile
{
    /// <summary>For editors: the schema that the file follows.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }
    /// <summary>Address of the hub.</summary>
    public string? Hub { get; init; }
    /// <summary>Name of the device.</summary>
    public string? Name { get; init; }
    /// <summary>Name of its target.</summary>
    public string? Target { get; init; }
    /// <summary>Enrolment token.</summary>
    public string? Token { get; init; }
    /// <summary>Data folder.</summary>
    public string? Data { get; init; }
    /// <summary>Files of trusted public keys.</summary>
    public IReadOnlyList<string>? Trust { get; init; }
    /// <summary>How long the hub may hold a request, such as <c>50 s</c>.</summary>
    public string? Wait { get; init; }
    /// <summary>Longest time of a self-test, such as <c>120 s</c>.</summary>
    public string? SelfTestLimit { get; init; }
    /// <summary>Whether to enrol anew.</summary>
    public bool? EnrollAgain { get; init; }
    /// <summary>Least level of what is logged.</summary>
    public string? LogLevel { get; init; }
    /// <summary>Words before every process that the agent starts.</summary>
    public IReadOnlyList<string>? Launcher { get; init; }

    /// <summary>These settings with those that <paramref name="other"/> states put over them.</summary>
    /// <param name="other">The settings that win.</param>
    /// <returns>The combined settings.</returns>
    public AgentOptionsFile With(AgentOptionsFile other) => new()
    {
        Hub = other.Hub ?? Hub,
        Name = other.Name ?? Name,
        Target = other.Target ?? Target,
        Token = other.Token ?? Token,
        Data = other.Data ?? Data,
        Trust = other.Trust ?? Trust,
        Wait = other.Wait ?? Wait,
        SelfTestLimit = other.SelfTestLimit ?? SelfTestLimit,
        EnrollAgain = other.EnrollAgain ?? EnrollAgain,
        LogLevel = other.LogLevel ?? LogLevel,
        Launcher = other.Launcher ?? Launcher,
    };
}
