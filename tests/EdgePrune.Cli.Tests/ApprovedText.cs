using System.Runtime.CompilerServices;

namespace EdgePrune.Cli.Tests;

/// <summary>Compares text with an approved file beside the tests; with EDGEPRUNE_APPROVE=1 the file is written anew.</summary>
internal static class ApprovedText
{
    public static void Require(string folder, string name, string text, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, folder, $"{name}.approved.txt");
        if (Environment.GetEnvironmentVariable("EDGEPRUNE_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", text);
    }
}
