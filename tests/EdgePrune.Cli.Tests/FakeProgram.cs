using System.Diagnostics;

namespace EdgePrune.Cli.Tests;

/// <summary>
/// A training program that is a script. It keeps the request in <c>request.json</c>; <c>$request</c>, <c>$model</c> and
/// <c>$output</c> are what it was asked.
/// </summary>
internal static class FakeProgram
{
    /// <summary>Says that training is done.</summary>
    public const string Finish = """echo '{"event":"finished","end":"Completed","steps":7,"epochs":[{"epoch":1,"loss":0.5,"score":98}],"output":"x"}'""";

    /// <summary>Writes the model it was given as the trained one, and finishes.</summary>
    public const string Echo = $"""cp "$model" "$output"; {Finish}""";

    /// <summary>Hangs without using the processor.</summary>
    public const string Hang = "tail -f /dev/null";

    public static string Write(WorkFolder folder, string body, string name = "trainer.sh")
    {
        var script = $$"""
            #!/bin/bash
            read -r request
            echo "$request" > '{{folder["request.json"]}}'
            echo $$ > '{{folder["pid"]}}'
            model="$(sed -n 's/.*"model":"\([^"]*\)".*/\1/p' <<< "$request")"
            output="$(sed -n 's/.*"output":"\([^"]*\)".*/\1/p' <<< "$request")"
            checkpoint="$(sed -n 's/.*"checkpoint":"\([^"]*\)".*/\1/p' <<< "$request")"
            {{body}}
            """;
        return WriteScript(folder, script, name);
    }

    /// <summary>Writes a script that can be run at once.</summary>
    /// <remarks>
    /// The kernel runs no file that somebody has open for writing ("Text file busy"). Were it written here, a process that another test starts at that
    /// very moment would get a copy of the open file, and keep it until it runs its own program. A shell of its own starts nobody else's.
    /// </remarks>
    public static string WriteScript(WorkFolder folder, string script, string name)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "cat > \"$0\" && chmod u+x \"$0\"", folder[name]]) { RedirectStandardInput = true };
        using var shell = Process.Start(start)!;
        shell.StandardInput.Write(script.ReplaceLineEndings("\n") + "\n");
        shell.StandardInput.Close();
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
        return folder[name];
    }

    /// <summary>Requires that the script and all it started are gone.</summary>
    public static void RequireGone(WorkFolder folder)
    {
        var id = int.Parse(File.ReadAllText(folder["pid"]), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }
}
