using System.CommandLine;
using System.Security.Cryptography;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>Reports of a device, by which int8 is planned.</summary>
internal sealed class DeviceProfiles
{
    private readonly Option<string?> _float = new("--float-profile")
    {
        Description = "Report of this very model on a device, as 'edgeprune profile --hub URL --device NAME --json' writes it. With --int8-profile, nodes are in int8 only where that device is faster so.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _int8 = new("--int8-profile") { Description = "Report of an int8 form of it, as 'edgeprune quantize' wrote it before, on the same device with the same settings.", HelpName = "FILE" };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public DeviceProfiles(Command verb)
    {
        verb.Add(_float);
        verb.Add(_int8);
    }

    /// <summary>What the device measured, or null when no report is named.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="model">Path of the float model.</param>
    /// <param name="target">What the model is made for, or null.</param>
    /// <exception cref="InputException">One is missing, is no report, is of another model, or they do not compare.</exception>
    public MeasuredForms? Read(ParseResult parse, string model, Target? target)
    {
        if ((parse.GetValue(_float), parse.GetValue(_int8)) is not ({ } inFloat, { } inInt8))
        {
            return GivenOptions.Among(parse, _float, _int8) is not { } alone
                ? null
                : throw new InputException(ErrorCode.InvalidOption, $"'{alone.Name}' alone says nothing of what int8 saves. Give the reports of both forms, --float-profile and --int8-profile.");
        }

        if (target?.Name == TargetCatalog.ThisMachine)
        {
            throw new InputException(ErrorCode.InvalidOption, $"With --target {TargetCatalog.ThisMachine} both forms are measured here. Leave the reports out, or name the device's target.");
        }

        var forms = MeasuredForms.Of(ProfileReportFile.Read(inFloat), ProfileReportFile.Read(inInt8), OnnxFile.Read(model));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model)));
        return string.Equals(forms.FloatSha256, sha256, StringComparison.OrdinalIgnoreCase)
            ? forms
            : throw new InputException(ErrorCode.InvalidOption, $"'{inFloat}' is of the model with the SHA-256 {forms.FloatSha256}; '{model}' has {sha256}. Profile this model on the device, or quantize the one that was profiled.");
    }
}
