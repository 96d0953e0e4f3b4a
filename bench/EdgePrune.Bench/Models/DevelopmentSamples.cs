using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>Labelled samples of the development data's models, each in the form that its model was trained with.</summary>
/// <param name="folder">The folder with the development data.</param>
internal sealed class DevelopmentSamples(string folder)
{
    private static readonly float[] ImageMeans = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImageDeviations = [0.229f, 0.224f, 0.225f];

    /// <summary>CIFAR-10 images: a label byte and 3,072 bytes by channel, row and column.</summary>
    /// <param name="split"><c>train</c> or <c>test</c>.</param>
    public ISampleSource Cifar(string split)
    {
        const int Stride = 1 + (3 * 32 * 32);
        var bytes = Unzip($"cifar10_{split}_2000.bin.gz");
        var labels = Enumerable.Range(0, bytes.Length / Stride).Select(i => (int)bytes[i * Stride]);
        return new StoredSamples(bytes, Stride, [3, 32, 32], [.. labels], (stored, sample) =>
        {
            for (var i = 0; i < sample.Length; i++)
            {
                var channel = i / (32 * 32);
                sample[i] = ((stored[i + 1] / 255f) - ImageMeans[channel]) / ImageDeviations[channel];
            }
        });
    }

    /// <summary>Spoken keywords as 49 frames of 10 cepstral coefficients, stored as quantized by the benchmark they are of.</summary>
    public ISampleSource Keywords() =>
        new StoredSamples(Bytes("kws01_1000x49x10_int8.bin"), 49 * 10, [49, 10, 1], Labels("kws01_labels.bin"), (stored, sample) =>
        {
            for (var i = 0; i < sample.Length; i++)
            {
                sample[i] = ((sbyte)stored[i] - 83) * 0.5847029f;
            }
        });

    /// <summary>Spoken digits as log-mel spectra of 64 bands and 32 frames, stored as 16-bit floats.</summary>
    /// <param name="split"><c>train</c> or <c>test</c>.</param>
    public ISampleSource SpokenDigits(string split)
    {
        var count = split == "train" ? 2700 : 300;
        return new StoredSamples(Unzip($"fsdd_logmel_{split}_{count}x64x32_f16.bin.gz"), 2 * 64 * 32, [64, 32], Labels($"fsdd_labels_{split}.bin"), (stored, sample) =>
        {
            var halves = MemoryMarshal.Cast<byte, Half>(stored);
            for (var i = 0; i < sample.Length; i++)
            {
                sample[i] = (float)halves[i];
            }
        });
    }

    /// <summary>Text crops of 48 x 192 pixels, upright or turned; what lies beyond a crop's width is 0 after normalisation.</summary>
    public ISampleSource TextCrops()
    {
        const int Pixels = 48 * 192;
        var bytes = Unzip("ocr_cls_400x48x192x3_u8.bin.gz");
        var labels = File.ReadLines(Path.Combine(folder, "ocr_labels.tsv")).Select(l => int.Parse(l.Split('\t')[2], CultureInfo.InvariantCulture));
        return new StoredSamples(bytes, Pixels * 3, [3, 48, 192], [.. labels], (stored, sample) =>
        {
            for (var i = 0; i < sample.Length; i++)
            {
                var (channel, pixel) = Math.DivRem(i, Pixels);
                sample[i] = (stored[(pixel * 3) + channel] / 127.5f) - 1;
            }
        });
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(folder, name));

    private int[] Labels(string name) => Array.ConvertAll(Bytes(name), b => (int)b);

    private byte[] Unzip(string name)
    {
        using var file = File.OpenRead(Path.Combine(folder, name));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var all = new MemoryStream();
        unzipped.CopyTo(all);
        return all.ToArray();
    }
}
