using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Keeps the last study of each model, so that advice can rest on it.</summary>
/// <param name="folder">The folder; it is made when something is written.</param>
public sealed class StudyCache(string folder)
{
    /// <summary>The last study of a model.</summary>
    /// <param name="modelSha256">SHA-256 of the model, as <see cref="Onnx.OnnxFile.Digest"/> tells it.</param>
    /// <returns>The study, or null when there is none that can be read.</returns>
    public StudyReport? Find(string modelSha256)
    {
        try
        {
            return File.Exists(PathOf(modelSha256)) && StudyFile.Read(PathOf(modelSha256)) is { } report && report.ModelSha256 == modelSha256 ? report : null;
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            // Advice without a study is what there was before it; the study itself says when it cannot be kept.
            return null;
        }
    }

    /// <summary>Keeps a study in the place of an older one.</summary>
    /// <param name="report">The study.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.CannotWrite"/>.</exception>
    public void Keep(StudyReport report) => WholeFile.Write(PathOf(report.ModelSha256), StudyFile.Print(report));

    private string PathOf(string modelSha256) => Path.Combine(folder, modelSha256 + ".json");
}
