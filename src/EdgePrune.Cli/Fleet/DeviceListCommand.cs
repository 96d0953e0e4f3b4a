using System.CommandLine;
using EdgePrune.Contracts;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary><c>device list</c>: the devices that a hub knows, and what each runs.</summary>
internal sealed class DeviceListCommand : VerbCommand
{
    private readonly OperatorOptions _operator;

    public DeviceListCommand(ToolShell shell)
        : base(shell, "list", "List the devices that a hub knows: their names and ids, when they were last heard, and which bundle each runs.",
            "edgeprune device list --hub http://127.0.0.1:8420")
    {
        _operator = new OperatorOptions(this, isRequired: true);
        _operator.AddToken(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        using var hub = _operator.Connect(parse, screen.Shell);
        var devices = await hub.ListDevicesAsync(cancellationToken).ConfigureAwait(false);
        var table = new Table().AddColumns("Name", "Id", "Target", "Agent", "Last heard (UTC)", "Runs bundle");
        foreach (var device in devices)
        {
            string[] cells =
            [
                device.Name, device.DeviceId, device.Target, device.AgentVersion,
                HistoryView.Moment(device.LastSeen), device.RunningBundle is { } bundle ? ProfileView.Short(bundle) : "none that it told of",
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        screen.Show(table);
        screen.Json(new DeviceList(devices), ContractsJson.Default.DeviceList);
        return ExitCodes.Done;
    }
}
