using System.Text.Json;
using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>Reads <see cref="AgentOptions"/>: arguments win over environment variables, these over the file of <c>--config</c>.</summary>
/// <param name="environment">Value of an environment variable, or null.</param>
/// <param name="readFile">Text of a file; throws <see cref="IOException"/> when it cannot be read.</param>
internal sealed class AgentOptionsReader(Func<string, string?> environment, Func<string, string> readFile)
{
    private const string Prefix = "EDGEPRUNE_";

    /// <summary>Reads the options.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InputException">Something is wrong; the message lists every fault.</exception>
    public AgentOptions Read(IReadOnlyList<string> args)
    {
        List<string> faults = [];
        var fromArguments = ReadArguments(args, faults, out var config);
        config ??= environment(Prefix + "CONFIG");
        var fromFile = config is null ? new AgentOptionsFile() : ReadConfig(config, faults);
        var settings = fromFile.With(ReadEnvironment(faults)).With(fromArguments);
        var options = Build(settings, faults);
        faults.AddRange(options.Validate());
        return faults.Count == 0
            ? options
            : throw new InputException(ErrorCode.InvalidOption, $"The agent cannot start:{Environment.NewLine}{string.Join(Environment.NewLine, faults.Select(f => "  " + f))}{Environment.NewLine}Run with --help for an example.");
    }

    private static AgentOptionsFile ReadArguments(IReadOnlyList<string> args, List<string> faults, out string? config)
    {
        Dictionary<string, string> values = [];
        List<string> trust = [];
        var enrollAgain = false;
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            if (name == "--enroll-again")
            {
                enrollAgain = true;
            }
            else if (name is not ("--hub" or "--name" or "--target" or "--token" or "--data" or "--trust" or "--config" or "--wait" or "--selftest-limit" or "--log-level" or "--launcher"))
            {
                faults.Add($"'{name}' is no option of the agent.");
            }
            else if (i + 1 == args.Count)
            {
                faults.Add($"'{name}' needs a value.");
            }
            else if (name == "--trust")
            {
                trust.Add(args[++i]);
            }
            else
            {
                values[name] = args[++i];
            }
        }

        config = values.GetValueOrDefault("--config");
        return new AgentOptionsFile
        {
            Hub = values.GetValueOrDefault("--hub"),
            Name = values.GetValueOrDefault("--name"),
            Target = values.GetValueOrDefault("--target"),
            Token = values.GetValueOrDefault("--token"),
            Data = values.GetValueOrDefault("--data"),
            Wait = values.GetValueOrDefault("--wait"),
            SelfTestLimit = values.GetValueOrDefault("--selftest-limit"),
            Trust = trust.Count == 0 ? null : trust,
            EnrollAgain = enrollAgain ? true : null,
            LogLevel = values.GetValueOrDefault("--log-level"),
            Launcher = Words(values.GetValueOrDefault("--launcher")),
        };
    }

    private AgentOptionsFile ReadEnvironment(List<string> faults)
    {
        var enrollAgain = environment(Prefix + "ENROLL_AGAIN");
        if (enrollAgain is not (null or "true" or "false"))
        {
            faults.Add($"{Prefix}ENROLL_AGAIN is '{enrollAgain}'; write 'true' or 'false'.");
        }

        return new AgentOptionsFile
        {
            Hub = environment(Prefix + "HUB"),
            Name = environment(Prefix + "NAME"),
            Target = environment(Prefix + "TARGET"),
            Token = environment(Prefix + "TOKEN"),
            Data = environment(Prefix + "DATA"),
            Wait = environment(Prefix + "WAIT"),
            SelfTestLimit = environment(Prefix + "SELFTEST_LIMIT"),
            Trust = environment(Prefix + "TRUST")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            EnrollAgain = enrollAgain is null ? null : enrollAgain == "true",
            LogLevel = environment(Prefix + "LOG_LEVEL"),
            Launcher = Words(environment(Prefix + "LAUNCHER")),
        };
    }

    private AgentOptionsFile ReadConfig(string path, List<string> faults)
    {
        try
        {
            return JsonSerializer.Deserialize(readFile(path), DeviceJson.Default.AgentOptionsFile) ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            faults.Add($"The settings file '{path}' cannot be read: {e.Message}");
            return new AgentOptionsFile();
        }
    }

    private AgentOptions Build(AgentOptionsFile settings, List<string> faults)
    {
        var defaults = new AgentOptions { Hub = new Uri("https://localhost"), Name = "-", Target = "-", DataFolder = "-", TrustedKeys = [] };
        return defaults with
        {
            Hub = Uri.TryCreate(Required(settings.Hub, "--hub", faults), UriKind.Absolute, out var hub) ? hub : Fault(settings.Hub, faults, defaults.Hub),
            Name = Required(settings.Name, "--name", faults) ?? defaults.Name,
            Target = Required(settings.Target, "--target", faults) ?? defaults.Target,
            DataFolder = Required(settings.Data, "--data", faults) ?? defaults.DataFolder,
            Token = settings.Token,
            TrustedKeys = [.. (settings.Trust ?? []).Select(p => ReadKey(p, faults)).OfType<TrustedKey>()],
            Wait = ReadDuration(settings.Wait, "--wait", defaults.Wait, faults),
            SelfTestLimit = ReadDuration(settings.SelfTestLimit, "--selftest-limit", defaults.SelfTestLimit, faults),
            EnrollAgain = settings.EnrollAgain ?? false,
            LogLevel = ReadLevel(settings.LogLevel, defaults.LogLevel, faults),
            Launcher = settings.Launcher ?? [],
        };
    }

    private static string[]? Words(string? text) => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private TrustedKey? ReadKey(string path, List<string> faults)
    {
        try
        {
            return TrustedKey.FromPem(readFile(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BundleException)
        {
            faults.Add($"The trusted key '{path}' cannot be read: {e.Message}");
            return null;
        }
    }

    private static TimeSpan ReadDuration(string? text, string name, TimeSpan standard, List<string> faults)
    {
        if (text is null)
        {
            return standard;
        }

        if (Durations.TryParse(text, out var duration))
        {
            return duration;
        }

        faults.Add($"{name} is '{text}'; write a duration such as '50 s'.");
        return standard;
    }

    private static LogLevel ReadLevel(string? text, LogLevel standard, List<string> faults)
    {
        switch (text)
        {
            case null: return standard;
            case "debug": return LogLevel.Debug;
            case "information": return LogLevel.Information;
            case "warning": return LogLevel.Warning;
            case "error": return LogLevel.Error;
            default:
                faults.Add($"--log-level is '{text}'; write debug, information, warning or error.");
                return standard;
        }
    }

    private static string? Required(string? value, string name, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            faults.Add($"{name} is missing; give it as an argument, as {Prefix}{name.TrimStart('-').ToUpperInvariant()}, or in the file of --config.");
            return null;
        }

        return value;
    }

    private static Uri Fault(string? value, List<string> faults, Uri standard)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            faults.Add($"The hub is '{value}'; write its address such as 'https://hub.example.org'.");
        }

        return standard;
    }
}
