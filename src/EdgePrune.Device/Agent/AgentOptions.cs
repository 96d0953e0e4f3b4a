using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>What the agent must know: its hub, who it is, whom it trusts, and where it keeps things.</summary>
public sealed record AgentOptions
{
    /// <summary>Address of the hub, such as <c>https://hub.example.org</c>.</summary>
    public required Uri Hub { get; init; }
    /// <summary>Name of the device, unique in the hub: 1 to 64 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }
    /// <summary>Name of the device's target, such as <c>raspberry-pi-4</c>; bundles for other targets are refused.</summary>
    public required string Target { get; init; }
    /// <summary>The enrolment token; needed until the device has enrolled. <value>Default: none.</value></summary>
    public string? Token { get; init; }
    /// <summary>Folder for models and state, private to this agent.</summary>
    public required string DataFolder { get; init; }
    /// <summary>Public keys, one of which must have signed a bundle. At least one.</summary>
    public required IReadOnlyList<TrustedKey> TrustedKeys { get; init; }
    /// <summary>Whether to enrol anew although the device has a credential, after the hub forgot it. <value>Default: false.</value></summary>
    public bool EnrollAgain { get; init; }
    /// <summary>How long the hub may hold a request for news. <value>Default: 50 s. Range: 0 to 60 s.</value></summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(50);
    /// <summary>Longest time a self-test may take. <value>Default: 2 min. Range: above 0 to 1 h.</value></summary>
    public TimeSpan SelfTestLimit { get; init; } = TimeSpan.FromMinutes(2);
    /// <summary>
    /// Least level of what the agent program logs. <value>Default: information. Range: debug, information, warning, error.</value>
    /// An application that embeds the agent has its own log, which this does not touch.
    /// </summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
    /// <summary>
    /// The agent program, which is started for self-tests and measurements. <value>Default: null, the program that
    /// runs.</value> An application that embeds the agent sets the path of the <c>EdgePrune.Device</c> program.
    /// </summary>
    public MeasuringProgram? Worker { get; init; }
    /// <summary>
    /// Words put before every process the agent starts for a self-test or a measurement, such as <c>taskset</c>, <c>-c</c>, <c>3</c>.
    /// <value>Default: none.</value> Under a user-mode emulator the emulator and its arguments, because the system cannot start the program itself.
    /// </summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Reads options as the agent program does: from words such as <c>--hub ADDRESS</c>, the variables <c>EDGEPRUNE_...</c>, and the file that <c>--config</c> names.</summary>
    /// <param name="args">The words.</param>
    /// <returns>Sound options.</returns>
    /// <exception cref="InputException">Something is missing or wrong; the message lists every fault.</exception>
    public static AgentOptions Read(IReadOnlyList<string> args) => new AgentOptionsReader(Environment.GetEnvironmentVariable, File.ReadAllText).Read(args);

    /// <summary>All faults of the options; empty when they are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Require(faults, Hub.IsAbsoluteUri && Hub.Scheme is "http" or "https", $"The hub is '{Hub}'; write its address such as 'https://hub.example.org'.");
        Require(faults, ManifestRules.IsName(Name), $"The name is '{Name}'; write 1 to 64 letters, digits, '-', '_' and '.', not starting with a dot.");
        Require(faults, ManifestRules.IsName(Target), $"The target is '{Target}'; write a target's name such as 'raspberry-pi-4'.");
        Require(faults, DataFolder.Length > 0, "The data folder is empty; write a path such as '/var/lib/edgeprune'.");
        Require(faults, TrustedKeys.Count > 0, "No key is trusted; name a public key file with --trust.");
        Require(faults, Wait >= TimeSpan.Zero && Wait <= ProtocolLimits.MaxWait, $"The wait is {Durations.Print(Wait)}; it must be between 0 and {Durations.Print(ProtocolLimits.MaxWait)}.");
        Require(faults, SelfTestLimit > TimeSpan.Zero && SelfTestLimit <= TimeSpan.FromHours(1), $"The self-test limit is {Durations.Print(SelfTestLimit)}; it must be above 0 and at most one hour.");
        Require(faults, LogLevel is >= LogLevel.Debug and <= LogLevel.Error, $"The log level is {LogLevel}; it must be debug, information, warning or error.");
        return faults;
    }

    internal void RequireSound()
    {
        var faults = Validate();
        if (faults.Count > 0)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The agent's options cannot be used: {string.Join(' ', faults)}");
        }
    }

    private static void Require(List<string> faults, bool sound, string fault)
    {
        if (!sound)
        {
            faults.Add(fault);
        }
    }
}
