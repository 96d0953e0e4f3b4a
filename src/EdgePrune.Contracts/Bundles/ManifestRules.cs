namespace EdgePrune.Contracts;

/// <summary>The rules a manifest obeys, and those under which a device installs it. Pure: no clock, no disk.</summary>
public static class ManifestRules
{
    private const int MaxTargets = 64;
    private const int MaxDimensions = 16;

    /// <summary>Requires that a parsed manifest is one this program understands (bundle-format 3).</summary>
    /// <param name="manifest">The manifest.</param>
    /// <exception cref="BundleException">The manifest breaks a rule; the message says which.</exception>
    public static void RequireSound(BundleManifest manifest)
    {
        Require(manifest.Format == BundleManifest.CurrentFormat, $"its format is {manifest.Format}, this program reads {BundleManifest.CurrentFormat}");
        Require(IsName(manifest.Name), "its name is not made of 1 to 64 letters, digits, '-', '_' and '.'");
        Require(manifest.Version >= 1, $"its version is {manifest.Version}, the lowest is 1");
        Require(manifest.Targets is { Count: > 0 and <= MaxTargets } && manifest.Targets.All(IsName), $"it must list 1 to {MaxTargets} names of targets");
        Require(manifest.Notes is not null && manifest.Notes.Values.All(v => v is not null), "a note is null");
        RequireSoundSelfTest(manifest.SelfTest);
        RequireSoundBlobs(manifest.Blobs);
    }

    /// <summary>Requires that a device may install a manifest (bundle-format 6).</summary>
    /// <param name="manifest">A verified manifest.</param>
    /// <param name="target">Name of the device's target.</param>
    /// <param name="highestVersion">The highest version of this name that the device has accepted, or 0.</param>
    /// <param name="now">The time that expiry is held against; the device passes no less than its time floor.</param>
    /// <exception cref="BundleException">The manifest is for another target, expired, or not newer.</exception>
    public static void RequireInstallable(BundleManifest manifest, string target, long highestVersion, DateTimeOffset now)
    {
        if (!manifest.Targets.Contains("any") && !manifest.Targets.Contains(target))
        {
            throw new BundleException(ErrorCode.WrongTarget, $"Bundle '{manifest.Name}' version {manifest.Version} is for {string.Join(", ", manifest.Targets)}; this device is '{target}'. Pack it for this target.");
        }

        if (manifest.ExpiresAt <= now)
        {
            throw new BundleException(ErrorCode.ExpiredBundle, $"Bundle '{manifest.Name}' version {manifest.Version} expired at {manifest.ExpiresAt:u}; it is {now:u}. Sign a fresh one.");
        }

        if (manifest.Version <= highestVersion)
        {
            throw new BundleException(ErrorCode.DowngradedBundle, $"Bundle '{manifest.Name}' has version {manifest.Version}, but this device has accepted version {highestVersion}. Sign it again with a version above {highestVersion}.");
        }
    }

    /// <summary>Whether a text is a SHA-256 in lower-case hexadecimal.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is one.</returns>
    public static bool IsDigest(string? text) => text?.Length == 64 && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>Whether a text may name a model line or a device: 1 to 64 letters, digits, <c>-</c>, <c>_</c>, <c>.</c>, not starting with a dot.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it may.</returns>
    public static bool IsName(string? text) =>
        text?.Length is >= 1 and <= 64 && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static void RequireSoundSelfTest(SelfTest? test)
    {
        Require(test is not null, "its self-test is missing");
        Require(test!.Tolerance is > 0 and <= 1, $"its self-test tolerance is {test.Tolerance}, it must be above 0 and at most 1");
        Require(test.InputShape is { Count: <= MaxDimensions } && test.InputShape.All(d => d is >= 1 and <= int.MaxValue),
            $"its self-test input must have at most {MaxDimensions} dimensions, each between 1 and {int.MaxValue}");
    }

    private static void RequireSoundBlobs(IReadOnlyList<BlobEntry>? blobs)
    {
        Require(blobs is { Count: > 0 and <= ProtocolLimits.MaxBlobs }, $"it lists {blobs?.Count} blobs, 1 to {ProtocolLimits.MaxBlobs} are allowed");
        foreach (var blob in blobs!)
        {
            Require(IsName(blob?.Role), "a blob has no role of letters, digits, '-', '_' and '.'");
            Require(blob!.Length is > 0 and <= ProtocolLimits.MaxBlobBytes, $"blob '{blob.Role}' has length {blob.Length}, 1 to {ProtocolLimits.MaxBlobBytes} are allowed");
            Require(IsDigest(blob.Sha256), $"blob '{blob.Role}' has no SHA-256 of 64 lower-case hexadecimal digits");
        }

        Require(blobs.Count(b => b.Role == BlobEntry.Model) == 1, "it must list exactly one model");
        Require(blobs.DistinctBy(b => b.Role).Count() == blobs.Count, "it lists a role twice");
        Require(blobs.GroupBy(b => b.Sha256).All(g => g.DistinctBy(b => b.Length).Count() == 1), "two blobs have the same SHA-256 and different lengths");
    }

    private static void Require(bool sound, string fault)
    {
        if (!sound)
        {
            throw new BundleException(ErrorCode.InvalidBundle, $"The manifest cannot be used: {fault}. Pack the bundle again with 'edgeprune bundle pack'.");
        }
    }
}
