using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Prints errors: one line for people, an object for machines, the stack only when it was asked for.</summary>
/// <param name="shell">Where to.</param>
/// <param name="isJson">Whether a machine reads.</param>
/// <param name="isVerbose">Whether the stack is shown.</param>
internal sealed class ErrorPrinter(ToolShell shell, bool isJson, bool isVerbose)
{
    /// <summary>Prints an error that EdgePrune reports on purpose.</summary>
    /// <param name="error">The error; its message starts with its code.</param>
    public void Print(EdgePruneException error)
    {
        var code = $"EP{(int)error.Code:0000}";
        Print(code, error.Message.StartsWith($"{code}: ", StringComparison.Ordinal) ? error.Message[(code.Length + 2)..] : error.Message, error);
    }

    /// <summary>Prints an error that nobody foresaw.</summary>
    /// <param name="error">The error.</param>
    public void PrintUnforeseen(Exception error) =>
        Print("EP0001", $"{error.GetType().Name}: {error.Message} This is a fault of EdgePrune; run again with --verbose and report what it prints.", error);

    /// <summary>Says that the user stopped the work.</summary>
    public void PrintCancelled() => Print("EP0130", "Stopped; nothing half-written was left.", null);

    private void Print(string code, string message, Exception? error)
    {
        shell.Error.WriteLine($"{code}: {message}");
        if (isVerbose && error is not null)
        {
            shell.Error.WriteLine(error);
        }

        if (isJson)
        {
            shell.Out.WriteLine(JsonSerializer.Serialize(new ErrorAnswer(new ErrorDetail(code, message)), CliJson.Default.ErrorAnswer));
        }
    }
}
