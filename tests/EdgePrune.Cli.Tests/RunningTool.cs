using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgePrune.Host;

namespace EdgePrune.Cli.Tests;

/// <summary>Runs the tool in this process, without a terminal, and keeps what it printed.</summary>
internal sealed class RunningTool
{
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Trains in the place of a process, or null.</summary>
    public ITrainer? Trainer { get; init; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public Task<int> RunAsync(params string[] args) => RunAsync(args, TestContext.Current.CancellationToken);

    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        await using var output = new StringWriter(_out, CultureInfo.InvariantCulture);
        await using var error = new StringWriter(_error, CultureInfo.InvariantCulture);
        var shell = new ToolShell { Out = output, Error = error, Environment = name => Environment.GetValueOrDefault(name) };
        shell = Trainer is null ? shell : shell with { OpenTrainer = (_, _, _) => Task.FromResult(Trainer) };
        return await Tool.RunAsync(args, shell, cancellationToken);
    }
}
