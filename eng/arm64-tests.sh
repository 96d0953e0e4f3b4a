#!/usr/bin/env bash
# Prepares what tests/EdgePrune.Arm64.Tests need, an emulator, an ARM64 system's files and the agent for it, and prints the folder
# they are in. What is there already is used again. Exit code other than 0, with a reason, when something cannot be had.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
artifacts="$root/artifacts"
stamp="$artifacts/agent-arm64.stamp"

"$root/eng/need-tools.sh" qemu-aarch64-static:qemu-user-static
"$root/eng/sysroot.sh" > /dev/null

# The stamp gets the time before the build: what changes meanwhile is built next time.
if [ ! -f "$stamp" ] || [ ! -f "$artifacts/agent/linux-arm64/EdgePrune.Device" ] || [ -n "$(find "$root/src/EdgePrune.Contracts" \
    "$root/src/EdgePrune.Profiler" "$root/src/EdgePrune.Device" "$root/eng" "$root/Directory.Build.props" "$root/Directory.Packages.props" "$root/global.json" \
    -newer "$stamp" \( -type f -o -type d \) -print -quit)" ]; then
  touch "$stamp.next"
  "$root/eng/publish-agent.sh" linux-arm64 > /dev/null
  mv "$stamp.next" "$stamp"
fi
echo "$artifacts"
