namespace EdgePrune.Host;

/// <summary>The input of a model that takes bytes: a byte p stands for <c>scale * (p - zero point)</c>.</summary>
/// <param name="Name">Name of the input.</param>
/// <param name="Scale">Scale of the first integers.</param>
/// <param name="ZeroPoint">Their zero point, 0 to 255.</param>
/// <param name="IsFolded">Whether the first convolution took up what scale and zero point do not express.</param>
/// <param name="PadBytes">The byte that each channel is padded with in front of the first convolution; empty when the convolution pads itself.</param>
public sealed record ByteInputReport(string Name, double Scale, int ZeroPoint, bool IsFolded, IReadOnlyList<int> PadBytes);
