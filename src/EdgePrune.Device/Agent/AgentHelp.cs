namespace EdgePrune.Device;

/// <summary>The agent program's help.</summary>
internal static class AgentHelp
{
    /// <summary>The text of <c>--help</c>.</summary>
    public const string Text = """
        EdgePrune.Device: the agent. Asks a hub what this device should run, installs signed bundles,
        profiles them and reports. Opens no port.

        Usage:
          EdgePrune.Device --hub URL --name NAME --target TARGET --data FOLDER --trust KEY.pem [options]
          EdgePrune.Device infer MODEL.onnx < inputs > outputs

        Options:
          --hub URL                Address of the hub, such as https://hub.example.org
          --name NAME              Name of this device, unique in the hub
          --target TARGET          Name of its target, such as raspberry-pi-4
          --token TOKEN            Enrolment token; needed until the device has enrolled
          --data FOLDER            Where models and state are kept; one agent a folder
          --trust KEY.pem          Public key that bundles must be signed with; may be repeated
          --wait DURATION          How long the hub may hold a request for news (default: 50 s, at most 60 s)
          --selftest-limit DURATION  Longest time of a self-test (default: 120 s)
          --enroll-again           Enrol anew although the device has a credential
          --log-level LEVEL        Least level of what is logged: debug, information (the default), warning or error;
                                   the signal SIGHUP has it read anew
          --launcher "WORDS"       Put before each process that the agent starts for a self-test or a measurement,
                                   such as "taskset -c 3"; an emulator of another processor must be put here
          --config FILE.json       The same settings as JSON: hub, name, target, token, data, trust (a list),
                                   wait, selfTestLimit, enrollAgain, logLevel, launcher (a list)
          --help, --version        This text, the agent's version

        Environment variables EDGEPRUNE_HUB, _NAME, _TARGET, _TOKEN, _DATA, _TRUST (paths separated as in PATH),
        _WAIT, _SELFTEST_LIMIT, _ENROLL_AGAIN, _LOG_LEVEL, _LAUNCHER and _CONFIG say the
        same. Arguments win over them, they win over the file.
        Keep the token out of the process list: give it as EDGEPRUNE_TOKEN.

        'infer' runs a model with one input, without hub or settings: raw little-endian inputs one after the other on
        standard input, the first output of each on standard output.

        Example:
          EDGEPRUNE_TOKEN=... EdgePrune.Device --hub https://hub.example.org --name door-camera-7 \
            --target raspberry-pi-4 --data /var/lib/edgeprune --trust /etc/edgeprune/release.pem

        Exit codes:
          0  stopped on request
          1  an error that nobody foresaw
          2  the options are wrong, or a file they name cannot be read
          3  the hub refused the enrolment
          4  the data folder cannot be used, or another agent uses it
        """;
}
