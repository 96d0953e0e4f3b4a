using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What <c>finetune</c> or <c>train</c> did, for machines.</summary>
/// <param name="Output">The file that was written.</param>
/// <param name="Sha256">SHA-256 of that file.</param>
/// <param name="FileBytes">Its size.</param>
/// <param name="ParametersBefore">Parameters of the model it started from.</param>
/// <param name="ParametersAfter">Parameters of what was written.</param>
/// <param name="End">How training ended.</param>
/// <param name="Steps">Steps whose learning is in the output.</param>
/// <param name="Epochs">Every epoch that was run to its end.</param>
/// <param name="Reason">Why it ended early, or null.</param>
/// <param name="Note">What else is worth knowing, or null.</param>
/// <param name="Test">Score before and after on samples for tests, or null when there are none.</param>
internal sealed record TrainResult(
    string Output,
    string Sha256,
    long FileBytes,
    long ParametersBefore,
    long ParametersAfter,
    TrainingEnd End,
    int Steps,
    IReadOnlyList<TrainingEpoch> Epochs,
    string? Reason,
    string? Note,
    TrainedScore? Test);
