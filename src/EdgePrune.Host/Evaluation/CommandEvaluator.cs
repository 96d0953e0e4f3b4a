using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// Scores a model with the user's own command, such as <c>python3 eval.py {model}</c>: <c>{model}</c> stands for the path
/// of the model's file, and the last number on standard output is the score, higher is better. No shell is involved.
/// </summary>
public sealed partial class CommandEvaluator : IEvaluator
{
    private const string Placeholder = "{model}";

    private readonly string _command;
    private readonly IReadOnlyList<string> _parts;

    /// <summary>Makes an evaluator from a command.</summary>
    /// <param name="command">The program and its arguments, one of which holds <c>{model}</c>; quotes keep blanks together.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: the command is empty, leaves a quote open or lacks <c>{model}</c>.</exception>
    public CommandEvaluator(string command)
    {
        _command = command;
        _parts = CommandLine.Split(command);
        if (_parts.Count == 0 || !_parts.Skip(1).Any(p => p.Contains(Placeholder, StringComparison.Ordinal)))
        {
            throw new InputException(ErrorCode.InvalidOption, $"The evaluation command '{command}' does not say where the model's path goes. Write it like 'python3 eval.py {Placeholder}'.");
        }
    }

    /// <inheritdoc/>
    public string Metric => "score of the evaluation command";

    /// <inheritdoc/>
    public async Task<Evaluation> EvaluateAsync(ReadOnlyMemory<byte> model, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-evaluate-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            WholeFile.Write(path, model);
            var (exitCode, output, errors) = await RunAsync(path, cancellationToken).ConfigureAwait(false);
            return exitCode == 0
                ? new Evaluation(ReadScore(output), 0, new Dictionary<string, double>())
                : throw new InputException(ErrorCode.EvaluatorFailed, $"The evaluation command '{_command}' ended with exit code {exitCode}; expected 0. Its last errors: {Quote(errors)}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string path, CancellationToken cancellationToken)
    {
        using var process = Start(path);
        var output = ProcessTail.ReadAsync(process.StandardOutput, cancellationToken);
        var errors = ProcessTail.ReadAsync(process.StandardError, cancellationToken);
        try
        {
            process.StandardInput.Close();
            await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return (process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }

    private Process Start(string path)
    {
        var arguments = _parts.Skip(1).Select(p => p.Replace(Placeholder, path, StringComparison.Ordinal));
        var info = new ProcessStartInfo(_parts[0], arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InputException(ErrorCode.EvaluatorFailed, $"The evaluation command '{_command}' cannot be started: {e.Message} Name a program that is on the path, or its full path.", e);
        }
    }

    private double ReadScore(string output)
    {
        var last = Number().Matches(output).LastOrDefault()?.Value;
        return last is not null && double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score)
            ? score
            : throw new InputException(ErrorCode.EvaluatorFailed, $"The evaluation command '{_command}' printed {(last is null ? "no number" : $"'{last}', which is no finite number")}. Its last output: {Quote(output)} Print the score as the last number on standard output.");
    }

    private static string Quote(string text) => text.Trim() is { Length: > 0 } trimmed ? $"'{trimmed}'" : "nothing.";

    // NaN and infinity are matched so that an older number on the way is not taken for the score.
    [GeneratedRegex("""(?<![\w.])[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|nan|inf(?:inity)?)(?![\w.]*\w)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
