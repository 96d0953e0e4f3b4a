using System.CommandLine;
using System.Security.Cryptography;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Which measurements of a history are meant.</summary>
internal sealed class RunChoice
{
    private const int Most = 10_000;

    private readonly Option<string?> _device = new("--device") { Description = "Only what this device measured: its name or id.", HelpName = "NAME" };
    private readonly Option<string?> _model = new("--model") { Description = "Only measurements of this .onnx file, by its SHA-256.", HelpName = "FILE" };
    private readonly Option<int> _count;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="count">How many at most, when nothing is said.</param>
    public RunChoice(Command verb, int count)
    {
        _count = new Option<int>("--count") { Description = $"How many at most, the newest, 1 to {Most}.", HelpName = "COUNT", DefaultValueFactory = _ => count };
        verb.Add(_device);
        verb.Add(_model);
        verb.Add(_count);
    }

    /// <summary>The measurements, newest first.</summary>
    /// <exception cref="EdgePruneException">An option is wrong, the model does not exist, or the history cannot be read.</exception>
    public Task<IReadOnlyList<RunSummary>> ListAsync(ParseResult parse, OpenHistories histories, CancellationToken cancellationToken)
    {
        var count = parse.GetValue(_count);
        return count is < 1 or > Most
            ? throw new InputException(ErrorCode.InvalidOption, $"--count is {count}; it must be between 1 and {Most}.")
            : histories.ListAsync(new RunFilter { Device = parse.GetValue(_device), ModelSha256 = DigestOf(parse.GetValue(_model)) }, count, cancellationToken);
    }

    private static string? DigestOf(string? model)
    {
        if (model is null)
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(model);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"The model '{model}' cannot be read: {e.Message} Correct --model.", e);
        }
    }
}
