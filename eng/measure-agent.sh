#!/usr/bin/env bash
# Starts the published agent of the first argument without a model and without a hub that answers, and holds it against its limits:
# at most 40 MB resident, ready in under 300 ms (the best of five starts; other work disturbs some), ONNX Runtime not loaded.
# The first answer of the network, a refusal, stands for ready: everything before it is done. Exit code 1 when a limit is broken.
set -euo pipefail

max_kilobytes=40000
max_milliseconds=300
program="$1"
folder="$(mktemp -d)"
agent=
stop() {
  if [ -n "$agent" ]; then
    kill "$agent" 2> /dev/null || true
    wait "$agent" 2> /dev/null || true
    agent=
  fi
}
trap 'stop; rm -rf "$folder"' EXIT

# A public key that signs nothing.
cat > "$folder/key.pem" <<'PEM'
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEF8psieVU9KLoKpsBwePx2liRTXVH
uqB+Fkdu22UOdCHzZ1mX34eoRECi0E1HE+pf7v8BArhMLDOZ2Kyk84WDeA==
-----END PUBLIC KEY-----
PEM

best=
for start in 1 2 3 4 5; do
  : > "$folder/log"
  began="$(date +%s%N)"
  "$program" --hub http://127.0.0.1:9 --name measured --target any --token none --data "$folder/data$start" --trust "$folder/key.pem" > "$folder/log" 2>&1 < /dev/null &
  agent=$!
  until grep -q EP4001 "$folder/log"; do
    kill -0 "$agent" 2> /dev/null || { cat "$folder/log" >&2; echo "measure-agent: the agent ended." >&2; exit 1; }
    [ $(( $(date +%s%N) - began )) -lt 30000000000 ] || { echo "measure-agent: the agent asked no hub for 30 s." >&2; exit 1; }
  done
  took=$(( ($(date +%s%N) - began) / 1000000 ))
  if [ -z "$best" ] || [ "$took" -lt "$best" ]; then best="$took"; fi
  [ "$start" -eq 5 ] || stop
done

# A few attempts more, so that memory that grows with them is seen.
sleep 5
resident="$(awk '/^VmRSS:/ { print $2 }' "/proc/$agent/status")"
libraries="$(grep -c onnxruntime "/proc/$agent/maps" || true)"
echo "measure-agent: ready after $best ms, $resident kB resident" >&2
broken=0
[ "$best" -lt "$max_milliseconds" ] || { echo "measure-agent: ready after $best ms; less than $max_milliseconds are allowed." >&2; broken=1; }
[ "$resident" -le "$max_kilobytes" ] || { echo "measure-agent: $resident kB resident without a model; $max_kilobytes are allowed." >&2; broken=1; }
[ "$libraries" -eq 0 ] || { echo "measure-agent: ONNX Runtime is loaded although there is no model." >&2; broken=1; }
exit "$broken"
