using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>What one row gave with one seed.</summary>
/// <param name="Parameters">Parameters of the pruned model.</param>
/// <param name="Macs">Its multiply-accumulates.</param>
/// <param name="Repaired">Accuracy in percent after the repair, before training.</param>
/// <param name="Trained">Accuracy in percent after training.</param>
/// <param name="Int8">Accuracy in percent and bytes in int8, or null.</param>
/// <param name="Time">How long pruning, repair and training took.</param>
internal sealed record TrainedDraw(long Parameters, long Macs, double Repaired, double Trained, (double Score, int Bytes)? Int8, TimeSpan Time);
