#!/usr/bin/env bash
# Fetches the ONNX project's own operator tests, which Debian has as a package, into the folder of the first argument and
# prints the folder with the tests. Needs no root: nothing is installed. Exit code 1, with a reason, when they cannot be had.
set -uo pipefail

folder="$1"
data="$folder/data/usr/share/libonnx-testdata/data"

if [ ! -d "$data" ]; then
  command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || { echo "The ONNX node tests are skipped: there is no apt-get here." >&2; exit 1; }
  mkdir -p "$folder"
  if ! (cd "$folder" && apt-get download libonnx-testdata > download.log 2>&1); then
    echo "The ONNX node tests are skipped: apt-get could not download libonnx-testdata ($(tail -n 1 "$folder/download.log"))." >&2
    exit 1
  fi
  dpkg-deb -x "$folder"/libonnx-testdata_*.deb "$folder/data" || { echo "The ONNX node tests are skipped: the package could not be unpacked." >&2; exit 1; }
fi

echo "$data"
