using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>Who may reference whom, and which packages each project may use.</summary>
public sealed class ProjectTests
{
    // A name with a question mark may be referenced and need not be.
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["EdgePrune.Contracts"] = [],
        ["EdgePrune.Onnx"] = ["EdgePrune.Contracts"],
        ["EdgePrune.Profiler"] = ["EdgePrune.Contracts"],
        ["EdgePrune.Device"] = ["EdgePrune.Contracts", "EdgePrune.Profiler"],
        ["EdgePrune.Hub"] = ["EdgePrune.Contracts"],
        ["EdgePrune.Host"] = ["EdgePrune.Contracts", "EdgePrune.Onnx", "EdgePrune.Profiler"],
        ["EdgePrune.Training"] = ["EdgePrune.Host", "EdgePrune.Onnx?", "EdgePrune.Contracts?"],
        ["EdgePrune.Cli"] = ["EdgePrune.Contracts", "EdgePrune.Onnx", "EdgePrune.Profiler", "EdgePrune.Host", "EdgePrune.Hub"],
    };

    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["EdgePrune.Contracts"] = [],
        ["EdgePrune.Onnx"] = ["Google.Protobuf", "Grpc.Tools"],
        ["EdgePrune.Profiler"] = ["Microsoft.ML.OnnxRuntime", "System.Device.Gpio", "Iot.Device.Bindings"],
        ["EdgePrune.Device"] =
        [
            "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging.Abstractions", "Serilog", "Serilog.Extensions.Hosting", "Serilog.Sinks.Console",
            "System.Device.Gpio", "Iot.Device.Bindings", "Microsoft.ML.OnnxRuntime",
        ],
        ["EdgePrune.Hub"] = ["Microsoft.Data.Sqlite", "Npgsql", "Microsoft.Extensions.Logging.Abstractions"],
        // ZstdSharp.Port: what zeros are worth shows only once a model is compressed, and .NET 10 has no zstd of its own.
        ["EdgePrune.Host"] = ["Microsoft.ML.OnnxRuntime", "System.Numerics.Tensors", "ZstdSharp.Port", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies"],
        ["EdgePrune.Training"] = ["TorchSharp", "libtorch-cpu-linux-x64", "SharpZipLib", "SkiaSharp"],
        ["EdgePrune.Cli"] = ["System.CommandLine", "Spectre.Console", "Serilog", "Serilog.Sinks.Console", "Serilog.Extensions.Hosting", "Microsoft.Extensions.Hosting"],
    };

    [Fact]
    public void Projects_UnderSrc_AreThoseOfTheDesign()
    {
        Findings.AreNone(
        [
            .. RepositoryTree.Projects.Except(References.Keys).Select(p => $"src/{p}: no project of the design. Make it a folder of an existing project, or decide on a new boundary in docs/adr/ and list it in ProjectTests.cs."),
            .. References.Keys.Except(RepositoryTree.Projects).Select(p => $"src/{p}: missing. Restore it, or record in docs/adr/ why it went."),
        ]);
    }

    [Fact]
    public void Projects_ReferToEachOther_AsTheDesignSays()
    {
        Findings.AreNone(RepositoryTree.Projects.Where(References.ContainsKey).SelectMany(project =>
        {
            var actual = Items(project, "ProjectReference")
                .Where(i => i.Attribute("ReferenceOutputAssembly")?.Value != "false")
                .Select(i => Path.GetFileNameWithoutExtension(i.Attribute("Include")!.Value.Replace('\\', '/'))).ToList();
            return actual.Except(References[project].Select(r => r.TrimEnd('?'))).Select(r => $"{FileOf(project)}: references {r}, which the design does not allow. Move the shared type to EdgePrune.Contracts.")
                .Concat(References[project].Where(r => !r.EndsWith('?')).Except(actual).Select(r => $"{FileOf(project)}: does not reference {r}. Add it, or correct the list in ProjectTests.cs."));
        }));
    }

    [Fact]
    public void Projects_UsePackages_OfTheirListOnly()
    {
        Findings.AreNone(
            from project in RepositoryTree.Projects.Where(Packages.ContainsKey)
            from item in Items(project, "PackageReference")
            let package = item.Attribute("Include")?.Value
            where package is not null && !Packages[project].Contains(package)
            select $"{FileOf(project)}: package {package} is not on the project's list. Do without it, or add it to ProjectTests.cs with a reason in docs/adr/.");
    }

    [Fact]
    public void Projects_StateNoVersionOfTheirOwn()
    {
        Findings.AreNone(
            from project in RepositoryTree.Projects
            from item in Items(project, "PackageReference")
            where item.Attribute("Version") is not null || item.Attribute("VersionOverride") is not null
            select $"{FileOf(project)}: package {item.Attribute("Include")?.Value} has a version of its own. Pin it in Directory.Packages.props.");
    }

    [Fact]
    public void Projects_SuppressNoWarningAsAWhole()
    {
        Findings.AreNone(
            from project in RepositoryTree.Projects
            from element in XDocument.Load(Path.Combine(RepositoryTree.Root, FileOf(project))).Descendants("NoWarn")
            select $"{FileOf(project)}: NoWarn {element.Value}. Suppress at one member, with a reason.");
    }

    [Fact]
    public void Projects_WithoutTheirSwitch_DoNotRestoreDeviceBindings()
    {
        Findings.AreNone(
            from project in RepositoryTree.Projects
            from item in Items(project, "PackageReference")
            where item.Attribute("Include")?.Value == "Iot.Device.Bindings"
            let condition = item.Attribute("Condition")?.Value ?? item.Parent?.Attribute("Condition")?.Value
            where condition != "'$(UseIotDeviceBindings)' == 'true'"
            select $"{FileOf(project)}: references Iot.Device.Bindings in every build. Put it under the condition '$(UseIotDeviceBindings)' == 'true'.");
    }

    [Fact]
    public void Sources_OutsideOfBindings_DoNotNameDeviceBindings()
    {
        Findings.AreNone(
            from source in RepositoryTree.Sources
            where !source.Path.Contains("/Bindings/", StringComparison.Ordinal)
            from use in source.Tree.DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.UsingDirectiveSyntax>()
            where use.Name?.ToString().StartsWith("Iot.Device", StringComparison.Ordinal) == true || use.Name?.ToString() == "UnitsNet"
            select $"{source.At(use.UsingKeyword)}: '{use.Name}'. Only src/EdgePrune.Profiler/Bindings may, which the default build leaves out.");
    }

    private static IEnumerable<XElement> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(RepositoryTree.Root, FileOf(project))).Descendants(kind);

    private static string FileOf(string project) => $"src/{project}/{project}.csproj";
}
