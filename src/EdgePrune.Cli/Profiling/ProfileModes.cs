using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Cli;

/// <summary>What <c>profile</c> can do beyond one plain measurement, and the session settings that only it offers.</summary>
internal sealed class ProfileModes
{
    private readonly Option<string?> _against = new("--against") { Description = "Another .onnx file: run both in turn and say which is faster, with the interval of the ratio.", HelpName = "FILE" };
    private readonly Option<string?> _sweep = new("--sweep") { Description = $"Measure under several settings and pick the best: {string.Join(", ", SettingsSweep.Names)}, separated by commas.", HelpName = "LIST" };
    private readonly Option<string?> _saveTarget = new("--save-target") { Description = "With --sweep: keep the best settings in this target file, made from --target when it does not exist.", HelpName = "FILE" };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "An earlier report (profile --json), or the id of a kept measurement, to compare with; refused when its conditions differ.", HelpName = "REPORT" };
    private readonly Option<string[]> _compare = new("--compare")
    {
        Description = "Measure nothing: say of two kept measurements, by id or report file, the earlier first, whether the later is faster, slower, or neither for sure.",
        HelpName = "RUN RUN",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _across = new("--across-conditions") { Description = "Compare with the baseline even when machine, system, runtime or settings differ." };
    private readonly DurationOption _period;
    private readonly Option<int> _streams = new("--streams") { Description = "Callers at the same time whose throughput is measured as well, 1 to 64.", HelpName = "COUNT", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _spin = new("--spin") { Description = "Let waiting threads spin: often faster, always hungrier." };
    private readonly Option<bool> _noArena = new("--no-arena") { Description = "Give freed memory back instead of keeping it." };
    private readonly Option<bool> _noPattern = new("--no-memory-pattern") { Description = "Do not plan the memory of intermediate values ahead." };
    private readonly Option<bool> _noPrepacking = new("--no-prepacking") { Description = "Do not rearrange weights while loading: less memory, slower." };
    private readonly Option<bool> _denormals = new("--denormals-as-zero") { Description = "Take denormal numbers for zero." };

    /// <summary>Adds the options to a verb.</summary>
    public ProfileModes(Command verb)
    {
        verb.Add(_against);
        verb.Add(_sweep);
        verb.Add(_saveTarget);
        verb.Add(_baseline);
        verb.Add(_compare);
        verb.Add(_across);
        _period = new DurationOption(verb, "--period", "Time from the start of one inference to the next, as an application waits; 0 s for none.", TimeSpan.Zero);
        verb.Add(_streams);
        verb.Add(_spin);
        verb.Add(_noArena);
        verb.Add(_noPattern);
        verb.Add(_noPrepacking);
        verb.Add(_denormals);
    }

    /// <summary>The model to compare with, or null.</summary>
    public string? Against(ParseResult parse) => parse.GetValue(_against);

    /// <summary>The two kept measurements to compare, or null.</summary>
    public (string Before, string After)? Compared(ParseResult parse) => parse.GetValue(_compare) is [var before, var after] ? (before, after) : null;

    /// <summary>What to sweep; empty for nothing.</summary>
    public IReadOnlyList<string> Sweep(ParseResult parse) =>
        (parse.GetValue(_sweep) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The target file that keeps the best of a sweep, or null.</summary>
    public string? SaveTarget(ParseResult parse) => parse.GetValue(_saveTarget);

    /// <summary>Whether to compare across conditions.</summary>
    public bool AcrossConditions(ParseResult parse) => parse.GetValue(_across);

    /// <summary>Adds the settings of these options; what was not written stays as the target has it.</summary>
    /// <exception cref="InputException">Some are out of range or exclude each other.</exception>
    public ProfileSettings Apply(ParseResult parse, ProfileSettings settings)
    {
        var period = _period.Read(parse);
        var complete = settings with
        {
            Period = period > TimeSpan.Zero ? period : null,
            Streams = parse.GetValue(_streams),
            Spinning = Given(parse, _spin) ?? settings.Spinning,
            MemoryArena = !Given(parse, _noArena) ?? settings.MemoryArena,
            MemoryPattern = !Given(parse, _noPattern) ?? settings.MemoryPattern,
            Prepacking = !Given(parse, _noPrepacking) ?? settings.Prepacking,
            DenormalsAsZero = Given(parse, _denormals) ?? settings.DenormalsAsZero,
        };
        return complete.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, $"The measuring options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.")
            : complete;
    }

    private static bool? Given(ParseResult parse, Option<bool> option) => GivenOptions.Among(parse, option) is null ? null : parse.GetValue(option);

    /// <summary>Refuses modes that do not go together.</summary>
    /// <exception cref="InputException">Two of them were given.</exception>
    public void RequireOne(ParseResult parse, bool onDevice)
    {
        string[] given = [.. new[]
        {
            (Name: "--against", Given: Against(parse) is not null), (Name: "--sweep", Given: Sweep(parse).Count > 0), (Name: "--device", Given: onDevice),
        }.Where(m => m.Given).Select(m => m.Name)];
        if (given.Length > 1)
        {
            throw new InputException(ErrorCode.InvalidOption, $"{string.Join(" and ", given)} do not go together. Give one of them.");
        }

        if (SaveTarget(parse) is not null && Sweep(parse).Count == 0)
        {
            throw new InputException(ErrorCode.InvalidOption, "--save-target keeps what --sweep found; there is no sweep. Add --sweep threads,spin.");
        }

        if (parse.GetValue(_baseline) is not null && given.Any(g => g != "--device"))
        {
            throw new InputException(ErrorCode.InvalidOption, $"--baseline compares one report with another; it does not go with {given[0]}. Leave one of them out.");
        }
    }

    /// <summary>The earlier report, or null when none was named.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="shell">The world around the tool.</param>
    /// <param name="folder">Where this machine keeps its measurements, or null.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="InputException">The file is missing or no report, or no kept measurement has the id.</exception>
    public async Task<ProfileReport?> BaselineAsync(ParseResult parse, ToolShell shell, string? folder, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_baseline) is not { } text || !RunFinder.IsId(text))
        {
            return parse.GetValue(_baseline) is { } path ? ProfileReportFile.Read(path) : null;
        }

        await using var histories = new OpenHistories(hub: null, HistorySources.OpenLocal(folder, shell));
        return (await histories.Finder.FindAsync(text, cancellationToken).ConfigureAwait(false)).Report;
    }
}
