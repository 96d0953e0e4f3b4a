using System.Globalization;
using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace EdgePrune.Device;

/// <summary>
/// The agent program's log: lines on the console, or entries with fields in the systemd journal when that is where the standard
/// output goes. The signal SIGHUP makes it read the level anew.
/// </summary>
internal sealed class AgentLog : IAsyncDisposable
{
    private readonly LoggingLevelSwitch _level;
    private readonly Func<AgentOptions> _readOptions;
    private readonly PosixSignalRegistration _hangUp;

    private AgentLog(Logger logger, LoggingLevelSwitch level, Func<AgentOptions> readOptions)
    {
        (Logger, _level, _readOptions) = (logger, level, readOptions);
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            // Otherwise the signal ends the process.
            signal.Cancel = true;
            ReadLevel();
        });
    }

    /// <summary>The log.</summary>
    public Logger Logger { get; }

    /// <summary>Opens the log where this process's output goes.</summary>
    /// <param name="options">The level.</param>
    /// <param name="readOptions">Reads the options anew, with the level to change to.</param>
    public static AgentLog Open(AgentOptions options, Func<AgentOptions> readOptions)
    {
        var toJournal = JournalSink.IsStandardOutput(Environment.GetEnvironmentVariable("JOURNAL_STREAM"), new FileInfo("/proc/self/fd/1").LinkTarget);
        var level = new LoggingLevelSwitch(LevelOf(options));
        var configuration = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(level)
            // The framework's own comings and goings are nothing to the operator.
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning);
        configuration = toJournal
            ? configuration.WriteTo.Sink(new JournalSink(JournalSink.SystemSocket, Console("{Level:u3} {Message:lj}{NewLine}{Exception}")))
            : configuration.WriteTo.Sink(Console("{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Level:u3} {Message:lj}{NewLine}{Exception}"));
        return new AgentLog(configuration.CreateLogger(), level, readOptions);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _hangUp.Dispose();
        return Logger.DisposeAsync();
    }

    private static Logger Console(string template) => new LoggerConfiguration()
        .MinimumLevel.Verbose()
        .WriteTo.Console(formatProvider: CultureInfo.InvariantCulture, outputTemplate: template)
        .CreateLogger();

    private void ReadLevel()
    {
        try
        {
            var level = LevelOf(_readOptions());
            // Said at whichever of the two levels shows it.
            _level.MinimumLevel = (LogEventLevel)Math.Min((int)LogEventLevel.Information, (int)level);
            Logger.Information("The log level is {LogLevel} now. Other settings are read at the next start.", level);
            _level.MinimumLevel = level;
        }
        catch (InputException e)
        {
            Logger.Error("The settings cannot be read anew, so the log level stays {LogLevel}: {Reason}", _level.MinimumLevel, e.Message);
        }
    }

    private static LogEventLevel LevelOf(AgentOptions options) => options.LogLevel switch
    {
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };
}
