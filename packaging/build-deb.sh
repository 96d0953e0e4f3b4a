#!/usr/bin/env bash
# Makes the agent's Debian package, and prints its path:
#   packaging/build-deb.sh arm64|amd64 [--agent FOLDER] [--out FOLDER]
# The agent is published by eng/publish-agent.sh unless --agent names a folder that it made. The package goes to artifacts/packages
# unless --out names another folder. The same input gives the same bytes: times are SOURCE_DATE_EPOCH, or that of the last commit.
# Exit codes: 1 the build failed, 2 wrong arguments, 3 a tool is missing.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

fail() {
  echo "build-deb: $2" >&2
  exit "$1"
}

usage() {
  fail 2 "usage: packaging/build-deb.sh arm64|amd64 [--agent FOLDER] [--out FOLDER]"
}

architecture="${1:-}"
[ $# -gt 0 ] && shift
case "$architecture" in
  arm64) rid=linux-arm64 ;;
  amd64) rid=linux-x64 ;;
  *) usage ;;
esac
agent=
out="$root/artifacts/packages"
while [ $# -gt 1 ]; do
  case "$1" in
    --agent) agent="$2" ;;
    --out) out="$2" ;;
    *) usage ;;
  esac
  shift 2
done
[ $# -eq 0 ] || usage
command -v dpkg-deb > /dev/null 2>&1 || fail 3 "'dpkg-deb' was not found; packages are made on Debian or a system made of it."

[ -n "$agent" ] || agent="$("$root/eng/publish-agent.sh" "$rid")"
for file in EdgePrune.Device libonnxruntime.so notices; do
  [ -e "$agent/$file" ] || fail 1 "'$agent' has no $file; name a folder that eng/publish-agent.sh made."
done
version="$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")"
[ -n "$version" ] || fail 1 "Directory.Build.props states no version."
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2> /dev/null || echo 0)}"
export SOURCE_DATE_EPOCH

stage="$(mktemp -d)"
trap 'rm -rf "$stage"' EXIT
# put MODE FROM TO: a file of the package; the caller's umask must not show.
put() {
  install -D -m "$1" "$2" "$stage/$3"
}

put 755 "$agent/EdgePrune.Device" usr/lib/edgeprune/EdgePrune.Device
put 644 "$agent/libonnxruntime.so" usr/lib/edgeprune/libonnxruntime.so
put 644 "$root/packaging/edgeprune-agent.service" usr/lib/systemd/system/edgeprune-agent.service
put 644 "$root/packaging/sysusers.conf" usr/lib/sysusers.d/edgeprune.conf
put 644 "$root/packaging/agent.schema.json" usr/share/edgeprune/agent.schema.json
put 644 "$root/packaging/agent.json.example" usr/share/edgeprune/agent.json.example
put 644 "$root/packaging/copyright" usr/share/doc/edgeprune-agent/copyright
put 644 "$root/docs/device-install.md" usr/share/doc/edgeprune-agent/device-install.md
for notice in "$agent"/notices/*; do
  put 644 "$notice" "usr/share/doc/edgeprune-agent/notices/$(basename "$notice")"
done
mkdir -p "$stage/usr/bin" "$stage/etc/edgeprune"
ln -s ../lib/edgeprune/EdgePrune.Device "$stage/usr/bin/edgeprune-agent"
for script in postinst prerm postrm; do
  put 755 "$root/packaging/$script" "DEBIAN/$script"
done

# The oldest C library with every function that the two programs name.
libc="$(cat "$agent/EdgePrune.Device" "$agent/libonnxruntime.so" | grep -ao 'GLIBC_2\.[0-9]*' | sort -uV | tail -n 1 || true)"
cat > "$stage/DEBIAN/control" <<CONTROL
Package: edgeprune-agent
Version: $version
Architecture: $architecture
Maintainer: EdgePrune contributors <edgeprune@localhost>
Section: net
Priority: optional
Depends: libc6 (>= ${libc#GLIBC_}), libgcc-s1, libstdc++6, libssl3 | libssl3t64, ca-certificates
Installed-Size: $(( ($(find "$stage" -type f -printf '%s + ') 1023) / 1024 ))
Description: agent that installs and measures models on this device
 Asks an EdgePrune hub which model this device should run, installs signed
 bundles, measures them and reports. Opens no port.
CONTROL
(cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$stage/DEBIAN/md5sums"
chmod 644 "$stage/DEBIAN/control" "$stage/DEBIAN/md5sums"
find "$stage" -type d -exec chmod 755 {} +
find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
package="$out/edgeprune-agent_${version}_$architecture.deb"
# One thread: with several the compressed bytes depend on how many there are.
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$stage" "$package.new" > /dev/null || fail 1 "dpkg-deb refused the package."
mv "$package.new" "$package"
echo "build-deb: $(stat -c %s "$package") bytes" >&2
echo "$package"
