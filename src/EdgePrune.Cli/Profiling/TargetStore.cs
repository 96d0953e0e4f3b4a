using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Keeps what a sweep found best in a target file; all else in the file stays as it is, comments excepted.</summary>
internal static class TargetStore
{
    private const string Threads = "threads";
    private const string Session = "session";

    private static readonly JsonDocumentOptions Reading = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private static readonly JsonSerializerOptions Writing = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of the file that is to be changed, or of a target that a new file is made from.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="target">Name or path of a target, or null for this machine.</param>
    /// <returns>Text of a sound target.</returns>
    /// <exception cref="InputException">The file is no sound target; asked before the work, so that none is lost.</exception>
    public static byte[] Open(string path, string? target)
    {
        var source = File.Exists(path) ? path
            : target?.EndsWith(".json", StringComparison.OrdinalIgnoreCase) == true ? target
            : Path.Combine(AppContext.BaseDirectory, "targets", $"{TargetCatalog.Default().Find(target ?? "this-machine").Name}.json");
        _ = TargetCatalog.LoadFile(source);
        return File.ReadAllBytes(source);
    }

    /// <summary>Writes the settings into a target.</summary>
    /// <param name="json">Text of the target.</param>
    /// <param name="best">The settings.</param>
    /// <param name="source">How they were found.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="InputException">The target cannot have them, such as more threads than its cores.</exception>
    public static void Write(byte[] json, ProfileSettings best, string source, string path)
    {
        var text = With(json, best, source);
        _ = TargetCatalog.Parse(text, path);
        WholeFile.Write(path, text);
    }

    internal static byte[] With(byte[] json, ProfileSettings best, string source)
    {
        var members = JsonNode.Parse(json.AsSpan().StartsWith("\uFEFF"u8) ? json.AsSpan(3) : json, documentOptions: Reading)!.AsObject();
        members[Threads] = best.Threads;
        var session = JsonSerializer.SerializeToNode(SessionSettings.Of(best, source), ContractsJson.Default.SessionSettings);
        if (members.ContainsKey(Session))
        {
            members[Session] = session;
        }
        else
        {
            members.Insert(members.IndexOf(Threads) + 1, Session, session);
        }

        return System.Text.Encoding.UTF8.GetBytes(members.ToJsonString(Writing) + "\n");
    }
}
