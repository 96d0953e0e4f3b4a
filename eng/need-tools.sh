#!/usr/bin/env bash
# Has each tool of the arguments, given as tool:package: what is missing is installed with apt-get by root, and named for everyone else.
# Exit code 3, with a reason, when a tool is missing in the end.
set -euo pipefail

missing() {
  local pair
  for pair in "$@"; do
    command -v "${pair%%:*}" > /dev/null 2>&1 || echo "${pair#*:}"
  done | sort -u
}

packages="$(missing "$@")"
[ -n "$packages" ] || exit 0
list="$(echo $packages)"
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null 2>&1; then
  echo "need-tools: missing: $list. Install these packages (Debian's names), or run this as root where there is apt-get." >&2
  exit 3
fi

echo "need-tools: installing $list." >&2
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# A machine that has never asked has no lists, and old lists name packages that are gone: the first failure may be due to either.
if ! apt-get install -y --no-install-recommends $packages > "$log" 2>&1 < /dev/null; then
  apt-get update > "$log" 2>&1 || true
  apt-get install -y --no-install-recommends $packages >> "$log" 2>&1 < /dev/null || true
fi

packages="$(missing "$@")"
if [ -n "$packages" ]; then
  tail -n 5 "$log" >&2
  echo "need-tools: apt-get could not install: $(echo $packages)." >&2
  exit 3
fi
