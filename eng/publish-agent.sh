#!/usr/bin/env bash
# Makes the agent as one native program, with ONNX Runtime's library and the licences of both beside it and nothing else:
#   eng/publish-agent.sh linux-x64|linux-arm64 [--out FOLDER] [--check]
# The folder is artifacts/agent/<rid> unless --out names one; debugging symbols go to <folder>.symbols. --check also starts the
# agent, where it runs on this machine, and holds it against its limits of memory and start.
# Exit codes: 1 the build failed, 2 wrong arguments, 3 a tool or package is missing and cannot be had, 4 a limit is broken.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# The agent must stay a small download beside the 25 MB of ONNX Runtime.
max_bytes=12000000

fail() {
  echo "publish-agent: $2" >&2
  exit "$1"
}

usage() {
  fail 2 "usage: eng/publish-agent.sh linux-x64|linux-arm64 [--out FOLDER] [--check]"
}

rid="${1:-}"
[ $# -gt 0 ] && shift
out="$root/artifacts/agent/$rid"
check=
while [ $# -gt 0 ]; do
  case "$1" in
    --out) [ $# -gt 1 ] || usage; out="$2"; shift 2 ;;
    --check) check=1; shift ;;
    *) usage ;;
  esac
done

# How the linker is told about the other machine; nothing where it is this one.
options=()
case "$rid:$(uname -m)" in
  linux-x64:x86_64 | linux-arm64:aarch64) "$root/eng/need-tools.sh" clang:clang objcopy:binutils ;;
  linux-arm64:x86_64)
    "$root/eng/need-tools.sh" clang:clang ld.lld:lld aarch64-linux-gnu-objcopy:binutils-aarch64-linux-gnu
    sysroot="$("$root/eng/sysroot.sh")"
    options+=("-p:SysRoot=$sysroot/root" -p:LinkerFlavor=lld -p:ObjCopyName=aarch64-linux-gnu-objcopy)
    ;;
  linux-x64:* | linux-arm64:*) fail 2 "there is no cross compiler from $(uname -m) to $rid here; use an x64 machine." ;;
  *) usage ;;
esac

# Native code is made from x64 to x64 with the C library's headers only; Debian's clang does not bring them along.
if [ "$rid" = linux-x64 ] && ! echo 'int main(void){return 0;}' | clang -x c - -o /dev/null 2> /dev/null; then
  [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null 2>&1 && apt-get install -y --no-install-recommends libc6-dev > /dev/null 2>&1 < /dev/null \
    || fail 3 "clang cannot link a C program. Install the C library's development files (Debian: libc6-dev)."
fi

stage="$out.new"
log="$root/artifacts/publish-agent-$rid.log"
rm -rf "$stage"
mkdir -p "$stage" "$root/artifacts"
echo "publish-agent: building for $rid; this takes a minute." >&2
build=(src/EdgePrune.Device -r "$rid" -p:PublishAot=true "${options[@]}" -nodeReuse:false -v quiet)
if ! (cd "$root" && dotnet restore "${build[@]}") > "$log" 2>&1 < /dev/null; then
  cat "$log" >&2
  fail 3 "the packages with the native compiler for $rid cannot be restored; what was said stands above."
fi
if ! (cd "$root" && dotnet publish "${build[@]}" --no-restore -c Release -o "$stage") > "$log" 2>&1 < /dev/null; then
  cat "$log" >&2
  fail 1 "the build failed; what it said stands above and in $log."
fi
if grep -q 'warning' "$log"; then
  cat "$log" >&2
  fail 1 "the build has warnings; what the trimmer or the compiler cannot see through fails on the device."
fi

# Everything else that a build leaves is for other machines or for this one.
product=(EdgePrune.Device libonnxruntime.so notices)
for file in "${product[@]}"; do
  [ -e "$stage/$file" ] || fail 1 "the build left no $file."
done
symbols="$root/artifacts/bin/EdgePrune.Device/release_$rid/native/EdgePrune.Device.dbg"
find "$stage" -mindepth 1 -maxdepth 1 ! -name "${product[0]}" ! -name "${product[1]}" ! -name "${product[2]}" -exec rm -rf {} +
chmod 755 "$stage/EdgePrune.Device"
find "$stage" -type f ! -name EdgePrune.Device -exec chmod 644 {} +

library="$(stat -c %s "$stage/libonnxruntime.so")"
bytes=$(( $(find "$stage" -type f -printf '%s + ') 0 - library ))
[ "$bytes" -le "$max_bytes" ] || fail 4 "the agent has $bytes bytes; $max_bytes are allowed."
rm -rf "$out" "$out.symbols"
mv "$stage" "$out"
if [ -f "$symbols" ]; then
  mkdir -p "$out.symbols"
  cp "$symbols" "$out.symbols/"
fi
echo "publish-agent: $bytes bytes of agent and $library of ONNX Runtime in $out" >&2

if [ -n "$check" ]; then
  "$root/eng/measure-agent.sh" "$out/EdgePrune.Device" || exit 4
fi
echo "$out"
