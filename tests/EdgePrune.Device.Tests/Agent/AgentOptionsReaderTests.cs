using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device.Tests;

public sealed class AgentOptionsReaderTests
{
    private static readonly string[] Complete = ["--hub", "https://hub.test", "--name", "bench-1", "--target", "board", "--token", "t", "--data", "/data", "--trust", "key.pem"];

    [Fact]
    public void Read_CompleteArguments_GivesOptionsWithDefaults()
    {
        var options = Read(Complete);

        Assert.Equal(("bench-1", "board", "t", "/data"), (options.Name, options.Target, options.Token, options.DataFolder));
        Assert.Equal(Rig.Key.Public.KeyId, Assert.Single(options.TrustedKeys).KeyId);
        Assert.Equal((TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(2), false), (options.Wait, options.SelfTestLimit, options.EnrollAgain));
    }

    [Fact]
    public void Read_ArgumentOverEnvironmentOverFile_Wins()
    {
        var options = Read(
            ["--config", "agent.json", "--name", "from-argument"],
            new() { ["EDGEPRUNE_NAME"] = "from-environment", ["EDGEPRUNE_TARGET"] = "from-environment" },
            """{"hub":"https://file.test","name":"from-file","target":"from-file","data":"/file","trust":["key.pem"],"wait":"5 s"}""");

        Assert.Equal(("from-argument", "from-environment", "/file"), (options.Name, options.Target, options.DataFolder));
        Assert.Equal(TimeSpan.FromSeconds(5), options.Wait);
    }

    [Fact]
    public void Read_Launcher_IsSplitAtBlanksAndTakenWholeFromTheFile()
    {
        Assert.Empty(Read(Complete).Launcher);
        Assert.Equal(["taskset", "-c", "3"], Read([.. Complete, "--launcher", " taskset  -c 3 "]).Launcher);
        Assert.Equal(["nice"], Read(Complete, new() { ["EDGEPRUNE_LAUNCHER"] = "nice" }).Launcher);
        Assert.Equal(["a b"], Read([.. Complete, "--config", "agent.json"], json: """{"launcher":["a b"]}""").Launcher);
    }

    [Fact]
    public void Read_LogLevel_ComesFromArgumentEnvironmentOrFile()
    {
        Assert.Equal(LogLevel.Information, Read(Complete).LogLevel);
        Assert.Equal(LogLevel.Debug, Read([.. Complete, "--log-level", "debug"], new() { ["EDGEPRUNE_LOG_LEVEL"] = "error" }).LogLevel);
        Assert.Equal(LogLevel.Error, Read([.. Complete, "--config", "agent.json"], new() { ["EDGEPRUNE_LOG_LEVEL"] = "error" }, """{"logLevel":"warning"}""").LogLevel);
        Assert.Equal(LogLevel.Warning, Read([.. Complete, "--config", "agent.json"], json: """{"logLevel":"warning"}""").LogLevel);
    }

    [Fact]
    public void Read_SeveralFaults_ReportsAll()
    {
        var error = Assert.Throws<InputException>(() => Read(["--hub", "ftp://x", "--name", "a b", "--wait", "soon", "--colour", "--trust", "missing.pem"]));

        string[] expected = ["ftp://x", "'a b'", "'soon'", "--colour", "missing.pem", "--target is missing", "--data is missing"];
        Assert.All(expected, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--hub")]
    [InlineData("--wait", "61 s")]
    [InlineData("--selftest-limit", "0 s")]
    [InlineData("--log-level", "loud")]
    [InlineData("--log-level", "5")]
    [InlineData("--config", "missing.json")]
    [InlineData("--trust", "agent.json")]
    public void Read_OneFault_IsRefused(params string[] more) =>
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<InputException>(() => Read([.. Complete, .. more])).Code);

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"name\":7}")]
    [InlineData("{\"nmae\":\"n\"}")]
    public void Read_MalformedFile_IsRefused(string json) =>
        Assert.Contains("agent.json", Assert.Throws<InputException>(() => Read([.. Complete, "--config", "agent.json"], json: json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Help_NamesEveryOptionTheReaderKnows() =>
        Assert.All(["--hub", "--name", "--target", "--token", "--data", "--trust", "--wait", "--selftest-limit", "--enroll-again", "--log-level", "--launcher", "--config", "Example:", "Exit codes:"], o => Assert.Contains(o, AgentHelp.Text, StringComparison.Ordinal));

    private static AgentOptions Read(string[] args, Dictionary<string, string>? environment = null, string json = "{}") =>
        new AgentOptionsReader(
            name => environment?.GetValueOrDefault(name),
            path => path switch
            {
                "key.pem" => Rig.Key.Public.ToPem(),
                "agent.json" => json,
                _ => throw new FileNotFoundException($"Could not find '{path}'."),
            }).Read(args);
}
