namespace EdgePrune.Contracts.Tests;

public sealed class ManifestRulesTests
{
    private static readonly DateTimeOffset Now = TestBundles.Manifest.CreatedAt;

    public static TheoryData<string, Func<BundleManifest, BundleManifest>> Unsound => new()
    {
        { "format is 2", m => m with { Format = 2 } },
        { "format is 0", m => m with { Format = 0 } },
        { "its name", m => m with { Name = "" } },
        { "its name", m => m with { Name = null! } },
        { "its name", m => m with { Name = "../etc" } },
        { "its name", m => m with { Name = ".hidden" } },
        { "its name", m => m with { Name = "zo\u00eb" } },
        { "its name", m => m with { Name = new string('a', 65) } },
        { "version is 0", m => m with { Version = 0 } },
        { "version is -1", m => m with { Version = -1 } },
        { "names of targets", m => m with { Targets = [] } },
        { "names of targets", m => m with { Targets = null! } },
        { "names of targets", m => m with { Targets = [null!] } },
        { "names of targets", m => m with { Targets = ["a b"] } },
        { "names of targets", m => m with { Targets = [.. Enumerable.Repeat("any", 65)] } },
        { "a note", m => m with { Notes = null! } },
        { "a note", m => m with { Notes = new Dictionary<string, string> { ["a"] = null! } } },
        { "self-test is missing", m => m with { SelfTest = null! } },
        { "tolerance is 0", m => m with { SelfTest = new SelfTest([1], 0) } },
        { "tolerance is NaN", m => m with { SelfTest = new SelfTest([1], double.NaN) } },
        { "tolerance is 1.5", m => m with { SelfTest = new SelfTest([1], 1.5) } },
        { "dimensions", m => m with { SelfTest = new SelfTest(null!) } },
        { "dimensions", m => m with { SelfTest = new SelfTest([0]) } },
        { "dimensions", m => m with { SelfTest = new SelfTest([-1, 3]) } },
        { "dimensions", m => m with { SelfTest = new SelfTest([long.MaxValue]) } },
        { "dimensions", m => m with { SelfTest = new SelfTest([.. Enumerable.Repeat(1L, 17)]) } },
        { "lists 0 blobs", m => m with { Blobs = [] } },
        { "blobs", m => m with { Blobs = null! } },
        { "lists 65 blobs", m => m with { Blobs = [.. Enumerable.Repeat(m.Blobs[0], 65)] } },
        { "no role", m => m with { Blobs = [null!] } },
        { "no role", m => m with { Blobs = [m.Blobs[0] with { Role = null! }] } },
        { "no role", m => m with { Blobs = [m.Blobs[0], m.Blobs[0] with { Role = "\n" }] } },
        { "exactly one model", m => m with { Blobs = [m.Blobs[1]] } },
        { "exactly one model", m => m with { Blobs = [m.Blobs[0], m.Blobs[0]] } },
        { "a role twice", m => m with { Blobs = [m.Blobs[0], m.Blobs[1], m.Blobs[1]] } },
        { "length 0", m => m with { Blobs = [m.Blobs[0] with { Length = 0 }] } },
        { "length -1", m => m with { Blobs = [m.Blobs[0] with { Length = -1 }] } },
        { "length 2147483648", m => m with { Blobs = [m.Blobs[0] with { Length = 2147483648 }] } },
        { "no SHA-256", m => m with { Blobs = [m.Blobs[0] with { Sha256 = null! }] } },
        { "no SHA-256", m => m with { Blobs = [m.Blobs[0] with { Sha256 = new string('A', 64) }] } },
        { "no SHA-256", m => m with { Blobs = [m.Blobs[0] with { Sha256 = new string('a', 63) }] } },
        { "different lengths", m => m with { Blobs = [m.Blobs[0], m.Blobs[0] with { Role = "selftest-input", Length = 6 }] } },
    };

    [Theory]
    [MemberData(nameof(Unsound))]
    public void RequireSound_UnsoundManifest_SaysWhichRuleItBreaks(string expected, Func<BundleManifest, BundleManifest> change)
    {
        var error = Assert.Throws<BundleException>(() => ManifestRules.RequireSound(change(TestBundles.Manifest)));

        Assert.Equal(ErrorCode.InvalidBundle, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireSound_TwoRolesWithTheSameBytes_AreAllowed()
    {
        var manifest = TestBundles.Manifest;

        ManifestRules.RequireSound(manifest with { Blobs = [manifest.Blobs[0], manifest.Blobs[0] with { Role = BlobEntry.SelfTestInput }] });
    }

    [Theory]
    [InlineData("raspberry-pi-4", 0, 0)]
    [InlineData("raspberry-pi-4", 9007199254740992, 0)]
    [InlineData("raspberry-pi-4", 9007199254740993, ErrorCode.DowngradedBundle)]
    [InlineData("raspberry-pi-4", long.MaxValue, ErrorCode.DowngradedBundle)]
    [InlineData("raspberry-pi-5", 0, ErrorCode.WrongTarget)]
    [InlineData("Raspberry-Pi-4", 0, ErrorCode.WrongTarget)]
    [InlineData("", 0, ErrorCode.WrongTarget)]
    public void RequireInstallable_TargetAndVersion_Decide(string target, long highest, ErrorCode expected)
    {
        var manifest = TestBundles.Manifest with { Targets = ["raspberry-pi-4"] };

        Assert.Equal(expected, Code(() => ManifestRules.RequireInstallable(manifest, target, highest, Now)));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, ErrorCode.ExpiredBundle)]
    [InlineData(1, ErrorCode.ExpiredBundle)]
    public void RequireInstallable_AtItsExpiry_IsExpired(long ticks, ErrorCode expected)
    {
        var now = TestBundles.Manifest.ExpiresAt.AddTicks(ticks);

        Assert.Equal(expected, Code(() => ManifestRules.RequireInstallable(TestBundles.Manifest, "x", 0, now)));
    }

    [Fact]
    public void RequireInstallable_ForAnyTarget_FitsEveryDevice() => ManifestRules.RequireInstallable(TestBundles.Manifest, "some-board", 0, Now);

    private static ErrorCode Code(Action action) => Record.Exception(action) switch
    {
        null => 0,
        BundleException e => e.Code,
        var other => throw other,
    };
}
