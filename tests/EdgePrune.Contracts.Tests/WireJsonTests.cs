using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace EdgePrune.Contracts.Tests;

public sealed class WireJsonTests
{
    private static readonly ProfileSettings Settings = new() { Threads = 4, Window = TimeSpan.FromTicks(12_345), Confidence = 0.99 };

    public static TheoryData<object> Messages =>
    [
        new EnrollRequest("token", "device-1", "raspberry-pi-4", "0.1.0"),
        new EnrollResponse("d1", "secret"),
        new DesiredState { Revision = long.MaxValue, Bundle = TestBundles.Bundle().Manifest, Profile = new ProfileOrder("o1", Settings) },
        new DesiredState { Revision = 0 },
        new DesiredChange(TestBundles.Bundle().Manifest, new ProfileOrder("o1", new ProfileSettings())),
        new DesiredChange(null, null),
        new DesiredChange(null, new ProfileOrder("o1", Settings)),
        new EventPage([Event, Event with { Profile = null, ErrorCode = 6001, Message = "\u00e9 \"x\"" }]),
        new DeviceList([new DeviceInfo { DeviceId = "d1", Name = "n", Target = "t", AgentVersion = "1", LastSeen = TestBundles.Manifest.CreatedAt, DesiredRevision = 2, RunningBundle = "ab" }]),
        new ErrorResponse(5001, "It is damaged."),
        Event,
        Report,
        Settings,
        TestBundles.Manifest,
        TestBundles.Bundle().Manifest,
        TargetCatalog.Default().Find("raspberry-pi-4"),
        BudgetText.Parse("latency=50ms,memory=64MiB,file=10%,energy=2mJ,loss=0.5"),
    ];

    private static DeviceEvent Event => new()
    {
        Sequence = 7, Kind = DeviceEventKind.Profiled, At = TestBundles.Manifest.ExpiresAt, Revision = 3, Bundle = "ab", OrderId = "o1", Profile = Report,
    };

    private static ProfileReport Report => new()
    {
        ModelSha256 = new string('a', 64),
        FileSize = new ByteSize(123),
        Settings = Settings,
        StartedAt = TestBundles.Manifest.CreatedAt,
        Cold = new ColdStart(TimeSpan.FromMilliseconds(12.3456), TimeSpan.FromTicks(1)),
        Warmup = new WarmupResult(100, TimeSpan.FromSeconds(1), true),
        Latency = new LatencyStatistics
        {
            Count = 300, EffectiveCount = 250.5, Min = TimeSpan.FromTicks(9), Mean = TimeSpan.FromTicks(11),
            P50 = new BoundedTime(TimeSpan.FromTicks(10), TimeSpan.FromTicks(9), TimeSpan.FromTicks(12)), P90 = new BoundedTime(TimeSpan.FromTicks(10), null, null),
        },
        Windows = [new WindowStatistics(60, TimeSpan.FromTicks(9), TimeSpan.FromTicks(10), TimeSpan.FromTicks(11), 0)],
        Memory = new MemoryUse(new ByteSize(4), new ByteSize(3), new ByteSize(2), new ByteSize(1)),
        ManagedBytesPerRun = 0,
        Energy = new EnergyUse("rapl", new Energy(0.5), null, 0.99, false),
        Operators = [new OperatorTime("conv", "FusedConv", TimeSpan.FromTicks(5), 0.5)],
        Conditions = new RunConditions { OnnxRuntimeVersion = "1.31.1", Fingerprint = "f", ClockMhz = [1.5, 2], Throttling = [], AvailableMemory = new ByteSize(9) },
        Verdict = new RunVerdict(RunValidity.Suspect, ["The machine was busy."]),
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_EveryMessageWritten_IsTheSame(object message)
    {
        var type = ContractsJson.Default.GetTypeInfo(message.GetType())!;
        var json = JsonSerializer.SerializeToUtf8Bytes(message, type);

        var read = ReadAs(type, json);

        Assert.Equal(json, JsonSerializer.SerializeToUtf8Bytes(read, type));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_EveryPrefixOfAMessage_IsAProtocolViolation(object message)
    {
        var type = ContractsJson.Default.GetTypeInfo(message.GetType())!;
        var json = JsonSerializer.SerializeToUtf8Bytes(message, type);
        for (var length = 0; length < json.Length; length++)
        {
            Violates(type, json[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_AnyValueReplacedByNonsense_IsReadOrAProtocolViolation(object message)
    {
        var type = ContractsJson.Default.GetTypeInfo(message.GetType())!;
        var json = JsonSerializer.Serialize(message, type);
        string[] nonsense = ["null", "[null]", "[]", "{}", "-1", "1e999", "99999999999999999999", "\"\"", "\"NaN\"", "\"\\ud800\"", "true", "{\"a\":null}"];
        foreach (var (path, other) in from p in Paths(JsonNode.Parse(json)!) from o in nonsense select (p, o))
        {
            Assert.True(Record.Exception(() => ReadAs(type, Encoding.UTF8.GetBytes(Replace(json, path, other)))) is null or NetworkException { Code: ErrorCode.ProtocolViolation });
        }
    }

    [Fact]
    public void Read_AbsentMembers_HaveTheDefaultsTheirRecordsState()
    {
        Assert.Equal(new ProfileSettings(), WireJson.Read("{}"u8, ContractsJson.Default.ProfileSettings));
        Assert.Equal(new Budget(), WireJson.Read("{}"u8, ContractsJson.Default.Budget));
        var target = WireJson.Read("""{"name":"a","title":"A","architecture":"any"}"""u8, ContractsJson.Default.Target);
        Assert.Equal(1, target.Threads);
        Assert.Equal(new Budget(), target.Budget);
        Assert.NotNull(target.Hardware.Sources);
        Assert.NotNull(target.Quanta);
        Assert.NotNull(target.PowerSensors);
    }

    [Fact]
    public void EveryRecord_PropertyWithADefault_IsReadWhenItsMemberIsAbsent()
    {
        // The generated reader overwrites an absent init-only property with 0 or null: defaults must be 'set'.
        foreach (var type in typeof(ContractsJson).Assembly.GetTypes().Where(t => !t.ContainsGenericParameters && ContractsJson.Default.GetTypeInfo(t) is { Kind: JsonTypeInfoKind.Object } && t.GetConstructor(Type.EmptyTypes) is not null))
        {
            var fresh = Activator.CreateInstance(type)!;
            foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null))
            {
                var isInit = property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit");
                var standard = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
                Assert.True(!isInit || Equals(property.GetValue(fresh), standard), $"{type.Name}.{property.Name} has a default and is init-only; declare it 'set'.");
            }
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("\"installed\"")]
    [InlineData("\"Installed, Rejected\"")]
    [InlineData("\"Unheard\"")]
    public void Read_EnumerationThatIsNoName_IsAProtocolViolation(string kind)
    {
        Violates(ContractsJson.Default.DeviceEvent, Encoding.UTF8.GetBytes($$"""{"sequence":1,"kind":{{kind}},"at":"2026-01-01T00:00:00Z","revision":1}"""));
    }

    [Fact]
    public void Read_UnknownMembers_AreSkippedSoThatReleasesUnderstandEachOther()
    {
        Assert.Equal(new EnrollResponse("d", "c"), WireJson.Read("""{"new":[1],"deviceId":"d","credential":"c"}"""u8, ContractsJson.Default.EnrollResponse));
    }

    [Fact]
    public void Read_BeyondTheLimit_IsRefusedUnread()
    {
        Violates(ContractsJson.Default.EventPage, new byte[ProtocolLimits.MaxMessageBytes + 1]);
    }

    [Theory]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("""{"events":[{"a":[[null]]}]}""")]
    [InlineData("""{"events":[null]}""")]
    [InlineData("{\"events\":[],\"\\ud800\":1,\"events\":[]}")]
    public void Read_HostilePage_IsAProtocolViolation(string json) => Violates(ContractsJson.Default.EventPage, Encoding.UTF8.GetBytes(json));

    private static object ReadAs(JsonTypeInfo type, byte[] json) => type switch
    {
        JsonTypeInfo<EnrollRequest> t => WireJson.Read(json, t),
        JsonTypeInfo<EnrollResponse> t => WireJson.Read(json, t),
        JsonTypeInfo<DesiredState> t => WireJson.Read(json, t),
        JsonTypeInfo<DesiredChange> t => WireJson.Read(json, t),
        JsonTypeInfo<DeviceEvent> t => WireJson.Read(json, t),
        JsonTypeInfo<EventPage> t => WireJson.Read(json, t),
        JsonTypeInfo<DeviceList> t => WireJson.Read(json, t),
        JsonTypeInfo<ErrorResponse> t => WireJson.Read(json, t),
        JsonTypeInfo<ProfileReport> t => WireJson.Read(json, t),
        JsonTypeInfo<ProfileSettings> t => WireJson.Read(json, t),
        JsonTypeInfo<BundleManifest> t => WireJson.Read(json, t),
        JsonTypeInfo<SignedManifest> t => WireJson.Read(json, t),
        JsonTypeInfo<Target> t => WireJson.Read(json, t),
        JsonTypeInfo<Budget> t => WireJson.Read(json, t),
        _ => throw new ArgumentException($"{type.Type.Name} is no message of these tests.", nameof(type)),
    };

    private static void Violates(JsonTypeInfo type, byte[] json) =>
        Assert.Equal(ErrorCode.ProtocolViolation, Assert.Throws<NetworkException>(() => ReadAs(type, json)).Code);

    private static IEnumerable<object[]> Paths(JsonNode node) => node switch
    {
        JsonObject o => o.SelectMany(m => m.Value is null ? [] : Paths(m.Value).Select(p => (object[])[m.Key, .. p]).Append([m.Key])),
        JsonArray a => a.SelectMany((v, i) => v is null ? [] : Paths(v).Select(p => (object[])[i, .. p]).Append([i])),
        _ => [],
    };

    private static string Replace(string json, object[] path, string value)
    {
        var root = JsonNode.Parse(json)!;
        var parent = path[..^1].Aggregate(root, (n, step) => step is int i ? n[i]! : n[(string)step]!);
        const string mark = "@replace@";
        if (path[^1] is int index)
        {
            parent[index] = mark;
        }
        else
        {
            parent[(string)path[^1]] = mark;
        }

        return root.ToJsonString().Replace($"\"{mark}\"", value, StringComparison.Ordinal);
    }
}
