using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests;

/// <summary>
/// Programs in a network namespace that has only the loopback. The kernel counts there what has no way out and what goes out as a
/// datagram, name lookups included, even to a resolver on this machine: nothing a program tries goes unseen.
/// </summary>
/// <param name="Code">The program's exit code.</param>
/// <param name="Out">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Counters">The namespace's counters at the end; they begin at zero.</param>
internal sealed record ClosedNetwork(int Code, string Out, string Error, IReadOnlyDictionary<string, long> Counters)
{
    // The counters go to the file that is the first word; the program is the others.
    private const string Script = "ip link set lo up || exit 97; counters=$1; shift; \"$@\"; code=$?; cat /proc/net/snmp /proc/net/snmp6 > \"$counters\"; exit $code";

    /// <summary>Connections that were opened within the namespace.</summary>
    public long LocalConnections => Counters["Tcp:ActiveOpens"];

    /// <summary>Attempts to reach anything but a TCP port of the loopback: packets without a route (RFC 4293, OutNoRoutes) and UDP datagrams.</summary>
    public long OutboundAttempts =>
        Counters["Ip:OutNoRoutes"] + Counters["Udp:OutDatagrams"] + Counters.GetValueOrDefault("Ip6OutNoRoutes") + Counters.GetValueOrDefault("Udp6OutDatagrams");

    /// <summary>Why this machine cannot make such a namespace, or null when it can.</summary>
    /// <param name="folder">Folder of the test.</param>
    public static async Task<string?> RefusalAsync(WorkFolder folder)
    {
        try
        {
            var probe = await RunAsync(folder, "true");
            return probe.Code == 0 ? null : $"No network namespace with a loopback can be made here: {probe.Error.Trim()}";
        }
        catch (Win32Exception e)
        {
            return $"No network namespace can be made here, because 'unshare' cannot be started: {e.Message}";
        }
    }

    /// <summary>Runs a program in a namespace of its own.</summary>
    /// <param name="folder">Folder of the test.</param>
    /// <param name="program">The program and its arguments.</param>
    public static async Task<ClosedNetwork> RunAsync(WorkFolder folder, params string[] program)
    {
        var stop = TestContext.Current.CancellationToken;
        var counters = folder["counters"];
        File.Delete(counters);
        using var process = Process.Start(Prepare(["sh", "-c", Script, "sh", counters, .. program]))!;
        try
        {
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
            await process.WaitForExitAsync(stop);
            return new ClosedNetwork(process.ExitCode, await output, await error, File.Exists(counters) ? Parse(await File.ReadAllLinesAsync(counters, stop)) : new Dictionary<string, long>());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo Prepare(IEnumerable<string> program)
    {
        // Only root may make a network namespace outside a user namespace.
        var start = new ProcessStartInfo("unshare", [Environment.IsPrivilegedProcess ? "-n" : "-rn", .. program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A proxy of this machine is a setting of whoever made it, and out of reach in there.
        foreach (var proxy in start.Environment.Keys.Where(k => k.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(proxy);
        }

        return start;
    }

    // IPv4: a line of names and a line of numbers, both with the protocol in front. IPv6: a name and a number a line.
    private static Dictionary<string, long> Parse(IReadOnlyList<string> lines)
    {
        Dictionary<string, long> counters = new(StringComparer.Ordinal);
        var words = lines.Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        foreach (var (names, numbers) in words.Zip(words.Skip(1)).Where(p => p.First[0].EndsWith(':') && p.First[0] == p.Second[0]))
        {
            for (var i = 1; i < names.Length; i++)
            {
                counters.TryAdd(names[0] + names[i], long.Parse(numbers[i], CultureInfo.InvariantCulture));
            }
        }

        foreach (var pair in words.Where(w => w.Length == 2 && !w[0].EndsWith(':')))
        {
            counters[pair[0]] = long.Parse(pair[1], CultureInfo.InvariantCulture);
        }

        return counters;
    }
}
