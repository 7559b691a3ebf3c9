#!/bin/sh
# From `git clone` to a demonstration with findings: clones this repository into a new folder, starts it as a newcomer would,
# and prints the seconds until it is ready and until a lead's home shows something to do.
#   sh bench/clone-to-demo.sh [REPOSITORY] [SECONDS_MAX]
# npm is used as it is configured here; what it has cached is used too, and said.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
from=${1:-$here}
most=${2:-900}
place=$(mktemp -d "${TMPDIR:-/tmp}/banya-bench-clone-XXXXXX")
server=
finish() {
  status=$?
  trap - EXIT INT TERM
  if [ -n "$server" ]; then
    # npm runs the server through shells; the whole group was made for it.
    kill -TERM "-$server" 2>/dev/null || true
    i=0
    while kill -0 "-$server" 2>/dev/null && [ "$i" -lt 120 ]; do sleep 0.1; i=$((i + 1)); done
    kill -KILL "-$server" 2>/dev/null || true
  fi
  rm -rf "$place"
  exit "$status"
}
trap finish EXIT
trap 'exit 1' INT TERM

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }
waited() { awk -v a="$begun" -v b="$(now)" -v most="$most" 'BEGIN { exit !(b - a > most) }'; }
cached=$([ -d "$(npm config get cache)/_cacache" ] && echo true || echo false)

begun=$(now)
git clone --quiet --no-hardlinks "$from" "$place/banya"
cloned=$(since "$begun")
cd "$place/banya"
setsid npm start --silent -- --demo --json --data "$place/data" --port 0 --syslog-port 0 --smtp-port 0 --syslog-host 127.0.0.1 >"$place/out" 2>"$place/err" &
server=$!
until grep -q '"ready":true' "$place/out"; do
  if waited || ! kill -0 "$server" 2>/dev/null; then
    cat "$place/err" >&2
    echo 'The server did not become ready.' >&2
    exit 1
  fi
  sleep 0.2
done
ready=$(since "$begun")

"$place/banya/node_modules/.bin/node" --disable-warning=ExperimentalWarning "$here/bench/lib/first-finding.ts" "$place/out" "$most"
finding=$(since "$begun")

model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
cores=$(getconf _NPROCESSORS_ONLN)
printf '{"bench":"clone-to-demo","cloneSeconds":%s,"readySeconds":%s,"findingSeconds":%s,"npmCache":%s,"at":"%s","hardware":"%s × %s","load":"%s","node":"%s","commit":"%s"}\n' \
  "$cloned" "$ready" "$finding" "$cached" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$cores" "${model:-unknown}" "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)" "$("$place/banya/node_modules/.bin/node" --version)" "$(git rev-parse --short HEAD)"
echo "from git clone: ready after $ready s, first finding on a lead's home after $finding s"
