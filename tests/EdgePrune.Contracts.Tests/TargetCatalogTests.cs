using System.Text;
using System.Text.Json;

namespace EdgePrune.Contracts.Tests;

public sealed class TargetCatalogTests
{
    private const string Minimal = """{"name":"board-1","title":"Board 1","architecture":"arm64"}""";

    [Fact]
    public void Default_TheShippedTargets_AreAllThereAndSound()
    {
        var catalog = TargetCatalog.Default();

        Assert.Equal(
            ["compute-module-5", "generic-arm64", "raspberry-pi-3b-plus", "raspberry-pi-4", "raspberry-pi-5", "raspberry-pi-zero-2w", "this-machine"],
            catalog.Targets.Select(t => t.Name));
        Assert.All(catalog.Targets, t => Assert.Empty(t.Validate()));
    }

    [Theory]
    [InlineData("raspberry-pi-zero-2w", "conv", "int8", 8)]
    [InlineData("raspberry-pi-4", "conv", "float32", 4)]
    [InlineData("raspberry-pi-4", "conv", "int8", 8)]
    [InlineData("raspberry-pi-5", "conv", "int8", 16)]
    [InlineData("raspberry-pi-5", "depthwise", "int8", 16)]
    [InlineData("raspberry-pi-5", "gemm", "float32", 16)]
    [InlineData("this-machine", "conv", "float32", 16)]
    [InlineData("this-machine", "gemm", "int8", 8)]
    [InlineData("raspberry-pi-4", "recurrent", "float32", 8)]
    public void QuantumFor_ShippedTarget_IsWhatItsKernelsLike(string target, string operatorClass, string precision, int expected)
    {
        Assert.Equal(expected, TargetCatalog.Default().Find(target).QuantumFor(operatorClass, precision));
    }

    [Fact]
    public void ShippedTargets_EveryOperatorClassAndPrecision_HasARule()
    {
        foreach (var target in TargetCatalog.Default().Targets)
        {
            foreach (var (operatorClass, precision) in from c in new[] { "conv", "depthwise", "gemm" } from p in new[] { "float32", "int8" } select (c, p))
            {
                Assert.Contains(target.Quanta, q => (q.OperatorClass == operatorClass || q.OperatorClass == "any") && (q.Precision == precision || q.Precision == "any"));
            }
        }
    }

    [Fact]
    public void Find_Misspelled_NamesTheNearestAndAllKnown()
    {
        var error = Assert.Throws<InputException>(() => TargetCatalog.Default().Find("rasberry-pi4"));

        Assert.Equal(ErrorCode.UnknownTarget, error.Code);
        Assert.Contains("Did you mean 'raspberry-pi-4'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("this-machine", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("\0")]
    public void Find_NothingNear_SuggestsNothing(string name)
    {
        var error = Assert.Throws<InputException>(() => TargetCatalog.Default().Find(name));

        Assert.DoesNotContain("Did you mean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_VeryLongName_IsRefusedWithoutComparing()
    {
        Assert.Throws<InputException>(() => TargetCatalog.Default().Find(new string('r', 1_000_000)));
    }

    [Fact]
    public void Find_PathToAFile_ReadsIt()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "targets", "raspberry-pi-5.json");

        Assert.Equal("raspberry-pi-5", TargetCatalog.Default().Find(path).Name);
    }

    [Theory]
    [InlineData("missing.json")]
    [InlineData("no/such/folder/missing.json")]
    [InlineData("nul\0.json")]
    [InlineData(".json")]
    public void Find_PathThatIsNoFile_SaysSo(string path)
    {
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => TargetCatalog.Default().Find(path)).Code);
    }

    [Fact]
    public void Load_FolderMissing_SaysSo()
    {
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => TargetCatalog.Load("no-such-folder")).Code);
    }

    [Fact]
    public void Load_FileNotNamedAfterItsTarget_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-targets");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "other.json"), Minimal);

            var error = Assert.Throws<InputException>(() => TargetCatalog.Load(folder.FullName));

            Assert.Contains("board-1.json", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Constructor_TwoTargetsOfOneName_IsRefused()
    {
        var target = TargetCatalog.Parse(Encoding.UTF8.GetBytes(Minimal), "test");

        Assert.Equal(ErrorCode.InvalidTarget, Assert.Throws<InputException>(() => new TargetCatalog([target, target])).Code);
    }

    [Fact]
    public void Parse_ByteOrderMark_IsSkipped()
    {
        Assert.Equal("board-1", TargetCatalog.Parse(Encoding.UTF8.GetBytes("\uFEFF" + Minimal), "test").Name);
    }

    [Theory]
    [InlineData("float32GigaMacsPerSecond", "0")]
    [InlineData("int8GigaMacsPerSecond", "-1")]
    [InlineData("bandwidthMBs", "0")]
    [InlineData("operatorOverheadMicroseconds", "-1")]
    [InlineData("source", "\" \"")]
    public void Parse_AWrongEstimate_NamesIt(string member, string value)
    {
        var target = TargetCatalog.Default().Find("raspberry-pi-4");
        var estimates = JsonSerializer.SerializeToNode(target.Performance!, ContractsJson.Default.PerformanceEstimate)!.AsObject();
        estimates[member] = System.Text.Json.Nodes.JsonNode.Parse(value);
        var json = $$"""{"name": "a", "title": "t", "architecture": "any", "performance": {{estimates.ToJsonString()}}}""";

        var error = Assert.Throws<InputException>(() => TargetCatalog.Parse(Encoding.UTF8.GetBytes(json), "test"));

        Assert.Contains($"performance.{member}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Performance_OfEveryShippedTarget_IsEstimatedAndSaysSo() =>
        Assert.All(TargetCatalog.Default().Targets, t => Assert.StartsWith("Estimate, not measured.", t.Performance!.Source, StringComparison.Ordinal));

    [Fact]
    public void Parse_ManyFaults_ListsThemAll()
    {
        const string json = """
            {
              "name": "Board 1", "title": " ", "architecture": "mips", "threads": 65, "quantas": [],
              "hardware": { "cores": 4, "loadWatts": -1, "idleWatts": [3, 2], "sources": { "cores": "x", "gpu": "y" } },
              "quanta": [ { "operatorClass": "lstm", "precision": "int4", "quantum": 0, "source": "" }, null ],
              "powerSensors": [ "magic", "estimate", "estimate" ],
              "budget": { "latencyP95": "5 MiB", "latencyP59": "1 ms", "maxAccuracyLoss": 101 }
            }
            """;

        var error = Assert.Throws<InputException>(() => TargetCatalog.Parse(Encoding.UTF8.GetBytes(json), "board.json"));

        Assert.Equal(ErrorCode.InvalidTarget, error.Code);
        Assert.All(
            [
                "board.json", "name is 'Board 1'", "title is empty", "architecture is 'mips'", "threads is 65; ", "hardware.cores is 4", "'quantas' is no known member; did you mean 'quanta'?",
                "hardware.loadWatts is -1", "hardware.idleWatts", "hardware.loadWatts has no source", "hardware.sources.gpu", "quanta[0].operatorClass", "quanta[0].precision", "quanta[0].quantum",
                "quanta[0].source", "quanta[1] is null", "'magic'", "a sensor twice", "budget: latencyP95", "'budget.latencyP59' is no known member; did you mean 'latencyP95'?", "budget: maxAccuracyLoss",
            ],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"name":null,"title":"t","architecture":"any"}""")]
    [InlineData("""{"name":"a","title":"t","architecture":"any","hardware":null}""")]
    [InlineData("""{"name":"a","title":"t","architecture":"any","quanta":null}""")]
    [InlineData("""{"name":"a","title":"t","architecture":"any","budget":null}""")]
    [InlineData("""{"name":"a","title":"t","architecture":"any","powerSensors":[null]}""")]
    [InlineData("""{"name":"a","title":"t","architecture":"any","hardware":{"cores":4,"sources":{"cores":null}}}""")]
    [InlineData("""{"name":"a","title":"t","architecture":"any","hardware":{"cores":1e999,"sources":{"cores":"x"}}}""")]
    [InlineData("""{"name":"a","title":"t","architecture":"any","threads":"four"}""")]
    [InlineData("""{"name":"a","name":"b","title":"t","architecture":"any"}""")]
    [InlineData("""{"name":"\ud800","title":"t","architecture":"any"}""")]
    [InlineData("""{"name":"a","title":"t","architecture":"any","\ud800":1}""")]
    public void Parse_HostileJson_IsRefused(string json)
    {
        Assert.Equal(ErrorCode.InvalidTarget, Assert.Throws<InputException>(() => TargetCatalog.Parse(Encoding.UTF8.GetBytes(json), "test")).Code);
    }

    [Fact]
    public void Parse_EveryPrefixOfAShippedTarget_IsRefused()
    {
        var json = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "targets", "raspberry-pi-4.json")).AsSpan().TrimEnd("\n"u8).ToArray();
        for (var length = 0; length < json.Length; length++)
        {
            Assert.Throws<InputException>(() => TargetCatalog.Parse(json.AsSpan(0, length), "test"));
        }
    }

    [Fact]
    public void Schema_ItsMembers_AreThoseTheProgramReads()
    {
        using var schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "targets", "target.schema.json")));
        var root = schema.RootElement;
        var definitions = root.GetProperty("$defs");

        Assert.Equal(Members(typeof(Target)), Properties(root).Where(p => p != "$schema"));
        Assert.Equal(Members(typeof(HardwareFacts)), Properties(definitions.GetProperty("hardware")));
        Assert.Equal(Members(typeof(ChannelQuantum)), Properties(definitions.GetProperty("quantum")));
        Assert.Equal(Members(typeof(PerformanceEstimate)), Properties(definitions.GetProperty("performance")));
        Assert.Equal(Members(typeof(SessionSettings)), Properties(definitions.GetProperty("session")));
        Assert.Equal(Members(typeof(Budget)), Properties(definitions.GetProperty("budget")));
    }

    [Fact]
    public void Parse_ATargetOfBeforeSessions_HasTheDefaults()
    {
        var target = TargetCatalog.Parse("""{"name":"a","title":"A","architecture":"any"}"""u8, "test");
        Assert.Equal(new SessionSettings(), target.Session);
        Assert.Equal(new ProfileSettings(), target.Session.ApplyTo(new ProfileSettings()));
    }

    [Fact]
    public void Parse_ASession_TakesWhatIsWrittenAndDefaultsForTheRest()
    {
        var target = TargetCatalog.Parse("""{"name":"a","title":"A","architecture":"any","session":{"spinning":true,"memoryPattern":false}}"""u8, "test");
        Assert.Equal(new SessionSettings { Spinning = true, MemoryPattern = false }, target.Session);
        Assert.Equal(new ProfileSettings { Spinning = true, MemoryPattern = false }, target.Session.ApplyTo(new ProfileSettings()));
    }

    [Theory]
    [InlineData("""{"spining":true}""")]
    [InlineData("""{"spinning":1}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"source":" "}""")]
    public void Parse_AFaultySession_IsRefused(string session) =>
        Assert.Throws<InputException>(() => TargetCatalog.Parse(Encoding.UTF8.GetBytes($$"""{"name":"a","title":"A","architecture":"any","session":{{session}}}"""), "test"));

    [Fact]
    public void Of_TheSettingsOfASession_GivesTheSession()
    {
        var session = new SessionSettings { Spinning = true, MemoryArena = false, MemoryPattern = false, Prepacking = false, DenormalsAsZero = true, Source = "swept" };
        Assert.Equal(session, SessionSettings.Of(session.ApplyTo(new ProfileSettings()), "swept"));
    }

    private static IEnumerable<string> Properties(JsonElement definition) =>
        definition.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Members(Type type) =>
        ContractsJson.Default.GetTypeInfo(type)!.Properties.Select(p => p.Name).Order(StringComparer.Ordinal);
}
