using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>Where a verb's results and progress go: tables and live lines on a terminal, plain lines elsewhere, JSON for machines.</summary>
internal sealed class Screen
{
    // Wide enough that no line of a table wraps when a program reads it.
    private const int PlainWidth = 200;

    public Screen(ToolShell shell, bool isJson)
    {
        Shell = shell;
        IsJson = isJson;
        Results = Open(shell, isJson ? TextWriter.Null : shell.Out);
        Status = Open(shell, shell.Error);
    }

    /// <summary>The world around the tool.</summary>
    public ToolShell Shell { get; }

    /// <summary>Whether a machine reads the results.</summary>
    public bool IsJson { get; }

    /// <summary>Whether live displays are drawn.</summary>
    public bool IsLive => Shell.IsInteractive && !IsJson;

    /// <summary>Where results for people go; nowhere when a machine reads.</summary>
    public IAnsiConsole Results { get; }

    /// <summary>Where progress goes.</summary>
    public IAnsiConsole Status { get; }

    /// <summary>Prints a line of the result for people.</summary>
    /// <param name="line">The line.</param>
    public void Say(string line = "")
    {
        if (!IsJson)
        {
            Shell.Out.WriteLine(line);
        }
    }

    /// <summary>Prints a line about the work, which is no result.</summary>
    /// <param name="line">The line.</param>
    public void Note(string line) => Shell.Error.WriteLine(line);

    /// <summary>Prints a table for people.</summary>
    /// <param name="table">The table.</param>
    public void Show(Table table)
    {
        if (Shell.IsInteractive)
        {
            Results.Write(Dress(table));
            return;
        }

        using var text = new StringWriter();
        Open(Shell, text).Write(Dress(table));
        foreach (var line in text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            Say(line.TrimEnd());
        }
    }

    /// <summary>Gives a table the borders of a terminal, or none.</summary>
    /// <param name="table">The table.</param>
    /// <returns>The same table.</returns>
    public Table Dress(Table table)
    {
        table.Border = Shell.IsInteractive ? TableBorder.Rounded : TableBorder.None;
        table.ShowHeaders = true;
        return table;
    }

    /// <summary>Prints the result for machines, when one reads.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="result">The result.</param>
    /// <param name="type">Its metadata.</param>
    public void Json<T>(T result, JsonTypeInfo<T> type)
    {
        if (IsJson)
        {
            Shell.Out.WriteLine(JsonSerializer.Serialize(result, type));
        }
    }

    private static IAnsiConsole Open(ToolShell shell, TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = shell.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = shell.IsInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = shell.IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!shell.IsInteractive)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
