using System.Text.Json;

namespace EdgePrune.Device.Tests;

/// <summary>What is shipped beside the agent, against what the agent reads.</summary>
public sealed class SettingsSchemaTests
{
    [Fact]
    public void Schema_Properties_AreTheSettings() =>
        Assert.Equal(
            DeviceJson.Default.AgentOptionsFile.Properties.Select(p => p.Name).Order(StringComparer.Ordinal),
            Properties().EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Schema_Types_AreThoseThatAreRead() =>
        Assert.All(DeviceJson.Default.AgentOptionsFile.Properties, p => Assert.Equal(TypeName(p.PropertyType), Type(Properties().GetProperty(p.Name))));

    [Fact]
    public void Schema_Levels_AreThoseThatAreRead() =>
        Assert.All(Properties().GetProperty("logLevel").GetProperty("enum").EnumerateArray(), level =>
            Assert.Equal(level.GetString(), Read($$"""{"logLevel":"{{level.GetString()}}"}""").LogLevel.ToString(), ignoreCase: true));

    [Fact]
    public void Schema_Environment_NamesTheVariableOfEachSetting() =>
        Assert.All(Properties().EnumerateObject().Where(p => p.Name != "$schema"), p =>
            Assert.Contains("EDGEPRUNE_", p.Value.GetProperty("description").GetString(), StringComparison.Ordinal));

    [Fact]
    public void Example_Settings_AreComplete()
    {
        var options = Read(File.ReadAllText(Shipped("agent.json.example")), []);

        Assert.Equal(("door-camera-7", "raspberry-pi-4", "/var/lib/edgeprune"), (options.Name, options.Target, options.DataFolder));
    }

    [Fact]
    public void Service_Paths_AreThoseOfTheExample()
    {
        var unit = File.ReadAllText(Shipped("edgeprune-agent.service"));

        Assert.Contains("--config /etc/edgeprune/agent.json", unit, StringComparison.Ordinal);
        Assert.Contains("StateDirectory=edgeprune", unit, StringComparison.Ordinal);
        Assert.Contains($"RestartPreventExitStatus={(int)ExitCode.InvalidOptions} {(int)ExitCode.EnrollmentRefused}\n", unit, StringComparison.Ordinal);
        Assert.Contains("Environment=ORT_DISABLE_TELEMETRY=1", unit, StringComparison.Ordinal);
    }

    private static string Shipped(string name) => Path.Combine(RepositoryFolder.Find(), "packaging", name);

    private static JsonElement Properties() => JsonDocument.Parse(File.ReadAllText(Shipped("agent.schema.json"))).RootElement.GetProperty("properties");

    private static string Type(JsonElement property) => property.TryGetProperty("type", out var type) ? type.GetString()! : "string";

    private static string TypeName(Type type) =>
        type == typeof(string) ? "string" : type == typeof(bool?) ? "boolean" : "array";

    private static AgentOptions Read(string json) =>
        Read(json, ["--hub", "https://hub.test", "--name", "n", "--target", "t", "--data", "/data", "--trust", "key.pem"]);

    private static AgentOptions Read(string json, string[] more) =>
        new AgentOptionsReader(_ => null, path => path == "agent.json" ? json : Rig.Key.Public.ToPem()).Read(["--config", "agent.json", .. more]);
}
