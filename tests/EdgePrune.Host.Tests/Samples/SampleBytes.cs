using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EdgePrune.Host.Tests;

/// <summary>Writes small sample files.</summary>
internal static class SampleBytes
{
    public static byte[] Idx(byte type, int[] dims, byte[] data)
    {
        var header = new byte[4 + (4 * dims.Length)];
        (header[2], header[3]) = (type, (byte)dims.Length);
        for (var i = 0; i < dims.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), dims[i]);
        }

        return [.. header, .. data];
    }

    public static byte[] Npy(string descr, string shape, byte[] data, bool fortran = false, int version = 1) =>
        NpyWithHeader($"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}", data, version);

    public static byte[] NpyWithHeader(string dictionary, byte[] data, int version = 1)
    {
        var text = Encoding.UTF8.GetBytes(dictionary + "\n");
        byte[] length = version == 1 ? new byte[2] : new byte[4];
        length[0] = (byte)text.Length;
        length[1] = (byte)(text.Length >> 8);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }

    public static byte[] Npz(params (string Name, byte[] Npy)[] arrays)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, npy) in arrays)
            {
                using var entry = zip.CreateEntry(name + ".npy").Open();
                entry.Write(npy);
            }
        }

        return memory.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    public static byte[] Floats(params float[] values) => values.SelectMany(BitConverter.GetBytes).ToArray();

    public static float[] Read(ISampleSource source, int index, int input = 0)
    {
        var values = new float[source.Inputs[input].Shape.Aggregate(1L, (a, b) => a * b)];
        source.Inputs[input].Read(index, values);
        return values;
    }
}
