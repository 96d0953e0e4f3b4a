using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>The files a search leaves: report for people and machines, model, plan and signed bundle.</summary>
internal static class TuningOutputs
{
    private const string Html = "report.html";
    private const string Json = "report.json";
    private const string ModelFile = "model.onnx";
    private const string Plan = "plan.json";
    private const string Bundle = "model.epb";

    /// <summary>Names of all files.</summary>
    public static IReadOnlyList<string> Names { get; } = [Html, Json, ModelFile, Plan, Bundle];

    /// <summary>Requires that nothing is there yet that would be replaced.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isForced">Whether replacing was asked for.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.OutputExists"/>.</exception>
    public static void RequireFree(string folder, bool isForced)
    {
        if (File.Exists(folder))
        {
            throw new InputException(ErrorCode.OutputExists, $"The output folder '{folder}' is a file. Choose another with --out.");
        }

        if (!isForced && Names.FirstOrDefault(n => File.Exists(Path.Combine(folder, n))) is { } name)
        {
            throw new InputException(ErrorCode.OutputExists, $"'{Path.Combine(folder, name)}' exists. Choose another folder with --out, or overwrite what is there with --force.");
        }
    }

    /// <summary>Makes the folder before the search, so that one that cannot be written costs no search.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.CannotWrite"/>.</exception>
    public static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.CannotWrite, $"The output folder '{folder}' cannot be made: {e.Message} Choose another with --out.", e);
        }
    }

    /// <summary>Writes the files; those of an earlier search that this one has no like of are deleted, so that all belong together.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="original">The model as it came.</param>
    /// <param name="result">What was found.</param>
    /// <returns>Names of the files that were written.</returns>
    public static IReadOnlyList<string> Write(string folder, Model original, TuningResult result)
    {
        List<string> written = [];
        void Put(string name, Action<string> write)
        {
            write(Path.Combine(folder, name));
            written.Add(name);
        }

        foreach (var name in Names)
        {
            File.Delete(Path.Combine(folder, name));
        }

        Put(ModelFile, path => WholeFile.Write(path, result.Picked?.Bytes ?? OnnxFile.ToBytes(original)));
        if (result.Picked is { } picked)
        {
            Put(Plan, path => PlanFiles.Write(path, picked.Plan));
        }

        if (result.Bundle is { } bundle)
        {
            Put(Bundle, path => WholeFile.Write(path, bundle.Write));
        }

        Put(Html, path => WholeFile.Write(path, TuningReportHtml.Render(result.Report)));
        Put(Json, path => WholeFile.Write(path, JsonSerializer.Serialize(result.Report, HostJson.Default.TuningReport) + "\n"));
        return written;
    }
}
