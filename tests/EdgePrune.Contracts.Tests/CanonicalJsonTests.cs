using System.Text;
using System.Text.Json;

namespace EdgePrune.Contracts.Tests;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"b":1,"a":{"d":[1,2,{"f":1,"e":2}],"c":null}}""", """{ "a": { "c": null, "d": [ 1, 2, { "e": 2, "f": 1 } ] }, "b": 1 }""")]
    [InlineData("""{"\u00e4":1,"z":2}""", """{"z":2,"ä":1}""")]
    [InlineData("""{"a":"\u0041\/"}""", """{"a":"A/"}""")]
    [InlineData("""[1.0,1e2,100.50,-0,-0.0,1E-7]""", """[1,100,1.005e2,0,0,0.0000001]""")]
    public void Write_EqualContentInAnotherForm_GivesEqualBytes(string one, string other)
    {
        Assert.Equal(Canonical(one), Canonical(other));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1.50", "1.5")]
    [InlineData("-1.5e0", "-1.5")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("0.1", "0.1")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("0.00000123456", "0.00000123456")]
    [InlineData("1.5e-9", "1.5e-9")]
    [InlineData("123456789012345678901", "123456789012345680000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1.25e22", "1.25e+22")]
    [InlineData("333333333.33333329", "333333333.3333333")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    public void Write_Number_HasTheShortestEcmaScriptForm(string number, string expected) => Assert.Equal(expected, Canonical(number));

    [Theory]
    [InlineData("\"\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\\\/\"", "\"\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\/\"")]
    [InlineData("\"\\u00e9\\u20ac\\ud83d\\ude00\\u2028\\u007f<>&'+\"", "\"\u00e9\u20ac\ud83d\ude00\u2028\u007f<>&'+\"")]
    public void Write_Text_HasMinimalEscapes(string json, string expected) => Assert.Equal(expected, Canonical(json));

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":1}""")]
    [InlineData("[1e999]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("{\"\\udfff\":1}")]
    public void Write_ContentWithoutCanonicalForm_IsRefused(string json)
    {
        Assert.Throws<JsonException>(() => Canonical(json));
    }

    [Fact]
    public void Write_ItsOwnOutput_ChangesNothing()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var once = Canonical(RandomJson(random, 0));

            Assert.Equal(once, Canonical(once));
        }
    }

    [Fact]
    public void Write_RandomDoubles_ReadBackAsTheSameDouble()
    {
        var random = new Random(8);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value))
            {
                var text = Canonical(value.ToString("E17", System.Globalization.CultureInfo.InvariantCulture));
                Assert.Equal(value, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    [Fact]
    public void Write_AFullManifest_HasTheApprovedBytes()
    {
        const string approved = """{"blobs":[{"length":5,"role":"model","sha256":"9372c470eeadd5ecd9c3c74c2b3cb633f8e2f2fad799250a0f70d652b6b825e4"},{"length":4,"role":"selftest-input","sha256":"9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a"}],"createdAt":"2026-01-02T03:04:05+00:00","expiresAt":"2027-01-02T03:04:05.5+00:00","format":1,"name":"mnist-cnn","notes":{"author":"Zoë \"Z\" <z@example.org>","rate":"0.5"},"selfTest":{"inputShape":[1,1,28,28],"tolerance":0.00001},"targets":["raspberry-pi-4","any"],"version":9007199254740993}""";

        Assert.Equal(approved, Encoding.UTF8.GetString(CanonicalJson.Write(TestBundles.Manifest, ContractsJson.Default.BundleManifest)));
    }

    [Fact]
    public void Write_EqualManifests_GiveEqualBytes()
    {
        var manifest = TestBundles.Manifest;
        var same = manifest with
        {
            CreatedAt = manifest.CreatedAt.ToOffset(TimeSpan.FromHours(5)),
            Notes = manifest.Notes.Reverse().ToDictionary(),
        };

        Assert.Equal(CanonicalJson.Write(manifest, ContractsJson.Default.BundleManifest), CanonicalJson.Write(same, ContractsJson.Default.BundleManifest));
    }

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Write(document.RootElement));
    }

    private static string RandomJson(Random random, int depth) => random.Next(depth > 4 ? 4 : 6) switch
    {
        0 => random.Next(2) == 0 ? "true" : "null",
        1 => (random.NextDouble() * Math.Pow(10, random.Next(-30, 30))).ToString(System.Globalization.CultureInfo.InvariantCulture),
        2 => random.NextInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
        3 => $"\"\\u{random.Next(0xD800):x4}\"",
        4 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => RandomJson(random, depth + 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(i => $"\"{(char)('a' + random.Next(26))}{i}\":{RandomJson(random, depth + 1)}"))}}}",
    };
}
