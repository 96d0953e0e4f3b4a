#!/usr/bin/env bash
# Makes the folder of the first argument (artifacts/sysroot when there is none) hold what a Linux on ARM64 brings along, and prints it:
#   root/        C library, C++ and OpenSSL run-time, and what a linker needs, from the packages of this machine's own distribution
#   cortex-a53/  the same for qemu-aarch64 -L, with the /proc/cpuinfo and the processor tree of a board with that core;
#   ...          ONNX Runtime reads both while it loads and would find the processor of this machine
# Needs no root: packages are downloaded and unpacked, nothing is installed. Exit code 3, with a reason, when they cannot be had.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="${1:-$root/artifacts/sysroot}"
# Changes when what this script makes changes, so that an older folder is made anew.
edition=1

# Name of the model in qemu, part number (Arm's MIDR_EL1), clock in kHz, and what /proc/cpuinfo lists. A board of each:
# Raspberry Pi Zero 2 W and 3, Raspberry Pi 4, Raspberry Pi 5.
cores=(
  "cortex-a53 0xd03 1000000 fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid"
  "cortex-a72 0xd08 1800000 fp asimd evtstrm crc32 cpuid"
  "cortex-a76 0xd0b 2400000 fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp"
)

fail() {
  echo "sysroot: $1" >&2
  exit 3
}

# packages: downloads with lists of their own, so that this machine's package database is neither needed nor changed.
packages() {
  local work="$1" apt
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  : > "$work/status"
  cat > "$work/apt.conf" <<CONF
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::State "$work";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
CONF
  export APT_CONFIG="$work/apt.conf"
  apt="$work/apt.log"
  apt-get update > "$apt" 2>&1 || true
  # The names carry a version on one distribution or another; the newest is taken.
  local names=(libc6 libc6-dev linux-libc-dev libgcc-s1 libstdc++6) pattern newest
  for pattern in '^libgcc-[0-9]+-dev$' '^libssl[0-9]+(t64)?$'; do
    newest="$(apt-cache search --names-only "$pattern" | cut -d' ' -f1 | sort -V | tail -n 1)"
    [ -n "$newest" ] || fail "the package lists of this machine have no ARM64 package that matches $pattern: $(tail -n 1 "$apt")"
    names+=("$newest")
  done
  (cd "$work" && apt-get download "${names[@]}" >> "$apt" 2>&1) || fail "apt-get could not download ${names[*]} for ARM64: $(tail -n 1 "$apt")"
  unset APT_CONFIG
}

# processor CORE: what Linux says on a board with four cores of that kind.
processor() {
  local name part khz features cpu
  read -r name part khz features <<< "$1"
  local tree="$2/$name/sys/devices/system/cpu"
  mkdir -p "$2/$name/proc" "$tree"
  ln -sfn ../root/lib "$2/$name/lib"
  ln -sfn ../root/usr "$2/$name/usr"
  for cpu in 0 1 2 3; do
    printf 'processor\t: %s\nBogoMIPS\t: 108.00\nFeatures\t: %s\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: %s\nCPU revision\t: 3\n\n' \
      "$cpu" "$features" "$part"
    mkdir -p "$tree/cpu$cpu/topology" "$tree/cpu$cpu/cpufreq"
    echo 0 > "$tree/cpu$cpu/topology/physical_package_id"
    echo "$cpu" > "$tree/cpu$cpu/topology/core_id"
    echo 0-3 | tee "$tree/cpu$cpu/topology/core_siblings_list" > "$tree/cpu$cpu/topology/package_cpus_list"
    echo "$cpu" | tee "$tree/cpu$cpu/topology/thread_siblings_list" > "$tree/cpu$cpu/topology/core_cpus_list"
    echo "$khz" | tee "$tree/cpu$cpu/cpufreq/cpuinfo_max_freq" "$tree/cpu$cpu/cpufreq/scaling_cur_freq" > "$tree/cpu$cpu/cpufreq/scaling_max_freq"
    echo 600000 | tee "$tree/cpu$cpu/cpufreq/cpuinfo_min_freq" > "$tree/cpu$cpu/cpufreq/scaling_min_freq"
    echo performance > "$tree/cpu$cpu/cpufreq/scaling_governor"
  done > "$2/$name/proc/cpuinfo"
  echo 0-3 | tee "$tree/possible" "$tree/present" > "$tree/online"
}

if [ "$(cat "$folder/edition" 2>/dev/null)" = "$edition" ]; then
  echo "$folder"
  exit
fi

for tool in apt-get apt-cache dpkg-deb; do
  command -v "$tool" > /dev/null 2>&1 || fail "'$tool' was not found. The ARM64 files come from packages of Debian or a system made of it."
done
rm -rf "$folder" "$folder.new"
mkdir -p "$folder.new/packages" "$folder.new/root"
work="$(cd "$folder.new" && pwd)"
packages "$work/packages"
for package in "$work"/packages/*.deb; do
  dpkg-deb -x "$package" "$work/root" || fail "$package cannot be unpacked."
done
rm -rf "$work/packages" "$work/root/usr/share"
# Newer packages have everything below usr/.
[ -e "$work/root/lib" ] || ln -s usr/lib "$work/root/lib"
for core in "${cores[@]}"; do
  processor "$core" "$work"
done
echo "$edition" > "$work/edition"
mv "$work" "$folder"
echo "$folder"
