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

    public static string WriteScript(WorkFolder folder, string script, string name)
    {
        File.WriteAllText(folder[name], script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder[name];
    }

    /// <summary>Requires that the script and all it started are gone.</summary>
    public static void RequireGone(WorkFolder folder)
    {
        var id = int.Parse(File.ReadAllText(folder["pid"]), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(id));
    }
}
