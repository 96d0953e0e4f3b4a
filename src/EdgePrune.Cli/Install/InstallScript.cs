namespace EdgePrune.Cli;

/// <summary>The shell script that turns a board into a device: settings, package, service. It runs again without harm.</summary>
internal static class InstallScript
{
    /// <summary>The script.</summary>
    /// <param name="setup">A sound setup; it stands in the script literally, the token in the clear.</param>
    /// <returns>Text for <c>sh</c>; its first argument is the package on the board. Its last line of output is one of <see cref="States"/>.</returns>
    public static string For(BoardSetup setup) => $$"""
        #!/bin/sh
        # Installs the EdgePrune agent of a package and has it enrol: sudo sh install-agent.sh PACKAGE.deb
        # A second argument names another folder for the settings.
        set -eu
        package="$(realpath "$1")"
        settings="${2:-{{AgentSettings.Folder}}}"
        [ "$(id -u)" -eq 0 ] || { echo "This needs root: run it with sudo." >&2; exit 1; }

        # put NAME MODE: a file of the settings, whole or not at all. The shell's input may be this script, so commands get none of it.
        put() {
          (umask 077 && cat > "$settings/$1.new")
          chmod "$2" "$settings/$1.new"
          mv "$settings/$1.new" "$settings/$1"
        }
        mkdir -p "$settings"
        put {{AgentSettings.KeyFile}} 644 <<'EDGEPRUNE_END'
        {{setup.Key.ToPem().Trim()}}
        EDGEPRUNE_END
        put agent.json 644 <<'EDGEPRUNE_END'
        {{setup.Settings.ToJson()}}
        EDGEPRUNE_END
        {{Token(setup)}}
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --reinstall "$package" < /dev/null >&2

        if [ ! -d /run/systemd/system ]; then
          echo {{States.Installed}}
          exit 0
        fi
        systemctl restart edgeprune-agent < /dev/null
        for second in $(seq 30); do
          if grep -qs credential /var/lib/edgeprune/state.json; then
            echo {{States.Enrolled}}
            exit 0
          fi
          if systemctl is-failed --quiet edgeprune-agent; then
            journalctl -u edgeprune-agent -n 20 --no-pager >&2
            exit 1
          fi
          sleep 1
        done
        journalctl -u edgeprune-agent -n 5 --no-pager >&2
        echo {{States.Started}}

        """.ReplaceLineEndings("\n");

    private static string Token(BoardSetup setup) => setup.Token is null
        ? "# No token was given: this board has enrolled before."
        : $"put agent.env 600 <<'EDGEPRUNE_END'\nEDGEPRUNE_TOKEN={setup.Token}\nEDGEPRUNE_END";

    /// <summary>How far an installation came.</summary>
    public static class States
    {
        /// <summary>The hub knows the device.</summary>
        public const string Enrolled = "enrolled";
        /// <summary>The agent runs and has not reached the hub yet.</summary>
        public const string Started = "started";
        /// <summary>The system runs no services now, such as an image that is being built.</summary>
        public const string Installed = "installed";

        /// <summary>All of them.</summary>
        public static IReadOnlyList<string> All { get; } = [Enrolled, Started, Installed];
    }
}
