using System.Security.Cryptography;
using EdgePrune.Profiler;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>An agent on the real disk and network, with what must be closed after it.</summary>
internal sealed class AgentSession : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    private readonly FolderLock _lock;
    private readonly HttpClient _http;

    private AgentSession(FolderLock folderLock, HttpClient http, DeviceAgent agent)
    {
        _lock = folderLock;
        _http = http;
        Agent = agent;
    }

    /// <summary>The agent.</summary>
    public DeviceAgent Agent { get; }

    /// <summary>Takes the data folder and puts the agent together.</summary>
    /// <param name="options">The agent's options.</param>
    /// <param name="running">What applications see.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">What happens.</param>
    /// <returns>The session.</returns>
    public static AgentSession Open(AgentOptions options, RunningModel running, TimeProvider time, ILogger log)
    {
        var absolute = options with { DataFolder = Path.GetFullPath(options.DataFolder) };
        var files = new DiskFileSystem();
        files.CreateFolder(absolute.DataFolder);
        var folderLock = FolderLock.Take(absolute.DataFolder);
        var http = CreateClient();
        try
        {
            if (options.Hub is { Scheme: "http", IsLoopback: false })
            {
                log.LogWarning("The hub's address is http: the credential crosses the network in the clear. Use https.");
            }

            return new AgentSession(folderLock, http, CreateParts(absolute, files, http, time, log).Assemble(absolute, running));
        }
        catch
        {
            http.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _lock.Dispose();
    }

    private static AgentParts CreateParts(AgentOptions options, IFileSystem files, HttpClient http, TimeProvider time, ILogger log)
    {
        var worker = Launched(options.Worker ?? MeasuringProgram.Current(), options.Launcher);
        return new AgentParts
        {
            Files = files,
            Http = http,
            SelfTest = new ChildProcessSelfTest(worker, options.SelfTestLimit, time),
            Profiler = new ChildProcessProfiler(worker) { Clock = time },
            Time = time,
            Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            Log = log,
        };
    }

    /// <summary>A program behind the words of <see cref="AgentOptions.Launcher"/>.</summary>
    /// <param name="program">The program.</param>
    /// <param name="launcher">The words; the first is what is started.</param>
    internal static MeasuringProgram Launched(MeasuringProgram program, IReadOnlyList<string> launcher) =>
        launcher.Count == 0 ? program : new MeasuringProgram(launcher[0], [.. launcher.Skip(1), program.Executable, .. program.Arguments]);

    private static HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectLimit,
            // Addresses change under a device that is never restarted.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxAutomaticRedirections = 3,
            UseCookies = false,
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
