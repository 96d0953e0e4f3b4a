using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgePrune.Cli;

/// <summary>The agent's settings file on a board, as <c>packaging/agent.schema.json</c> describes it.</summary>
internal sealed record AgentSettings
{
    /// <summary>Folder of the settings on a board.</summary>
    public const string Folder = "/etc/edgeprune";

    /// <summary>File of the trusted key in <see cref="Folder"/>.</summary>
    public const string KeyFile = "release.pub.pem";

    /// <summary>For editors on the board: where the schema is.</summary>
    [JsonPropertyName("$schema")]
    public string Schema { get; } = "/usr/share/edgeprune/agent.schema.json";
    /// <summary>Address of the hub.</summary>
    public required Uri Hub { get; init; }
    /// <summary>Name of the device.</summary>
    public required string Name { get; init; }
    /// <summary>Name of its target.</summary>
    public required string Target { get; init; }
    /// <summary>Folder of models and state.</summary>
    public string Data { get; } = "/var/lib/edgeprune";
    /// <summary>Files of the trusted keys on the board.</summary>
    public IReadOnlyList<string> Trust { get; } = [$"{Folder}/{KeyFile}"];

    /// <summary>The settings file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.AgentSettings);
}
