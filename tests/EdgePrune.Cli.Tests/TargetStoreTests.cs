using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Cli.Tests;

public sealed class TargetStoreTests : IDisposable
{
    private const string Source = "Swept in a test.";
    private static readonly ProfileSettings Best = new() { Threads = 2, Spinning = true, MemoryPattern = false, DenormalsAsZero = true };

    private readonly WorkFolder _folder = new();

    private static string Shipped(string name) => Path.Combine(AppContext.BaseDirectory, "targets", $"{name}.json");

    [Fact]
    public void Write_OfANewFile_IsTheTargetWithTheBestSettings()
    {
        TargetStore.Write(TargetStore.Open(_folder["board.json"], "raspberry-pi-4"), Best, Source, _folder["board.json"]);

        var kept = TargetCatalog.LoadFile(_folder["board.json"]);
        var original = TargetCatalog.LoadFile(Shipped("raspberry-pi-4"));
        Assert.Equal(2, kept.Threads);
        Assert.Equal(SessionSettings.Of(Best, Source), kept.Session);
        Assert.Equal(original.Hardware.Sources, kept.Hardware.Sources);
        Assert.Equal(original.Quanta, kept.Quanta);
        Assert.Equal(original.Budget, kept.Budget);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytesAndKeepsTheOrderOfTheFile()
    {
        var path = _folder["board.json"];
        TargetStore.Write(TargetStore.Open(path, "raspberry-pi-4"), Best, Source, path);
        var first = File.ReadAllText(path);
        TargetStore.Write(TargetStore.Open(path, target: null), Best, Source, path);

        Assert.Equal(first, File.ReadAllText(path));
        Assert.StartsWith("{\n  \"$schema\": \"target.schema.json\",\n  \"name\": \"raspberry-pi-4\",", first, StringComparison.Ordinal);
        Assert.Contains("  \"threads\": 2,\n  \"session\": {\n    \"spinning\": true,", first, StringComparison.Ordinal);
        // What the sweep did not change is as it was, letter by letter.
        Assert.Contains(File.ReadAllText(Shipped("raspberry-pi-4")).ReplaceLineEndings("\n").Split("\"threads\": 4,\n")[1], first, StringComparison.Ordinal);
    }

    [Fact]
    public void With_CommentsAByteOrderMarkAndTrailingCommas_IsStillATarget()
    {
        var text = Encoding.UTF8.GetBytes("\uFEFF{ // a board\n\"name\":\"a\",\"title\":\"A\",\"architecture\":\"any\",}");
        Assert.Equal(2, TargetCatalog.Parse(TargetStore.With(text, Best, Source), "test").Threads);
    }

    [Fact]
    public void Write_MoreThreadsThanTheTargetHasCores_IsRefusedAndWritesNothing()
    {
        var json = TargetStore.Open(_folder["board.json"], "raspberry-pi-4");
        Assert.Contains("use no more threads than cores", Assert.Throws<InputException>(() => TargetStore.Write(json, Best with { Threads = 8 }, Source, _folder["board.json"])).Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Open_AFileThatIsNoTarget_IsRefusedAndLeftAlone()
    {
        var path = _folder.Write("board.json", "{}"u8.ToArray());
        Assert.Throws<InputException>(() => TargetStore.Open(path, "raspberry-pi-4"));
        Assert.Equal("{}", File.ReadAllText(path));
    }

    [Fact]
    public void Open_AnUnknownTarget_IsRefused() => Assert.Throws<InputException>(() => TargetStore.Open(_folder["board.json"], "raspberry-pi-44"));

    [Fact]
    public async Task Profile_SaveTargetWithoutASweep_IsRefused()
    {
        var tool = new RunningTool();
        Assert.Equal(ExitCodes.Input, await tool.RunAsync("profile", Sample.Model, "--save-target", _folder["board.json"]));
        Assert.Contains("there is no sweep", tool.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--spin", true, false)]
    [InlineData("", true, false)]
    [InlineData("--spin false", false, false)]
    [InlineData("--no-memory-pattern false", true, true)]
    public void Apply_OptionsOverATargetsSession_ChangeOnlyWhatIsWritten(string words, bool spinning, bool pattern)
    {
        var verb = new System.CommandLine.Command("profile");
        var options = new ProfileOptions(verb);
        var modes = new ProfileModes(verb);
        var target = new Target { Name = "a", Title = "A", Architecture = "any", Threads = 3, Session = new SessionSettings { Spinning = true, MemoryPattern = false } };
        var parse = verb.Parse(words.Length == 0 ? [] : words.Split(' '));

        var settings = modes.Apply(parse, options.Read(parse, target));
        Assert.Equal((3, spinning, pattern), (settings.Threads, settings.Spinning, settings.MemoryPattern));
        Assert.True(settings is { MemoryArena: true, Prepacking: true, DenormalsAsZero: false });
    }

    public void Dispose() => _folder.Dispose();
}
