namespace EdgePrune.Device;

/// <summary>A model that passed every check on this device and may be loaded.</summary>
/// <param name="Name">Name of the model line.</param>
/// <param name="Version">Its version.</param>
/// <param name="Identity">Lower-case hexadecimal SHA-256 of the signed manifest's payload.</param>
/// <param name="ModelPath">Path of the ONNX file. The file is never changed; it is deleted once two newer bundles have been installed.</param>
public sealed record ModelSlot(string Name, long Version, string Identity, string ModelPath);
