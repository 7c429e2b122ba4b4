#!/usr/bin/env bash
# Builds harmonia-daemon and harmonia-cache and serves a Nix store over HTTP until Ctrl-C.
#
#   ./run.sh                 this machine's Nix store, or a demonstration store where there is none
#   ./run.sh --demo          the demonstration store in any case
#
# Everything it makes lies in artifacts/run: configuration, signing key, sockets, the demonstration store.
# HARMONIA_BIND (default [::]:5000) says where to listen.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

demo=
case ${1:-} in
  '') ;;
  --demo) demo=1 ;;
  *) sed -n '2,/^set/{s/^# \{0,1\}//;/^set/d;p}' "$0"; exit 2 ;;
esac

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: 'dotnet' is not on PATH." >&2; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

bind=${HARMONIA_BIND:-[::]:5000}
port=${bind##*:}
run=$PWD/artifacts/run
bin=$PWD/artifacts/bin
mkdir -p "$run"

echo "Building ..."
for project in Harmonia.Daemon Harmonia.Cache; do
  dotnet build "$project" --configuration Release --verbosity quiet --nologo >"$run/build.log" 2>&1 || { cat "$run/build.log" >&2; exit 1; }
done
daemon=$bin/Harmonia.Daemon/release/harmonia-daemon
cache=$bin/Harmonia.Cache/release/harmonia-cache

first_path() { find "$1" -mindepth 1 -maxdepth 1 -name '????????????????????????????????-*' ! -name '*.drv' ! -name '*.lock' 2>/dev/null | sort | head -n 1; }

if [ -z "$demo" ] && [ -r /nix/var/nix/db/db.sqlite ] && [ -n "$(first_path /nix/store)" ]; then
  store=/nix/store
  state=/nix/var/nix
  echo "Serving this machine's store, $store."
else
  demo=1
  store=$run/demo/nix/store
  state=$run/demo/nix/var/nix
  echo "Serving a demonstration store, $run/demo:"
  "$daemon" import --store-root "$run/demo" README.md LICENSE docs Harmonia.Protocol | tee "$run/demo-paths"
fi

if [ ! -s "$run/secret-key" ]; then
  rm -f "$run/secret-key" "$run/public-key"
  "$cache" generate-key "${HOSTNAME:-localhost}-1" "$run/secret-key" "$run/public-key"
fi

cat >"$run/daemon.toml" <<TOML
socket_path = "$run/daemon.socket"
real_store_dir = "$store"
state_dir = "$state"
log_level = "warn"
TOML
cat >"$run/harmonia.toml" <<TOML
bind = "$bind"
daemon_socket = "$run/daemon.socket"
real_nix_store = "$store"
sign_key_paths = ["$run/secret-key"]
TOML

stop() {
  trap - EXIT INT TERM
  # The cache first: it drains while the daemon still answers.
  for process in "${cache_process:-}" "${daemon_process:-}"; do
    [ -n "$process" ] || continue
    kill -TERM "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
}
trap stop EXIT
trap 'echo; echo "Stopping ..."; exit 130' INT
trap 'exit 143' TERM

# In process groups of their own, so that Ctrl-C reaches this script alone and the order above holds.
set -m
"$daemon" --config "$run/daemon.toml" &
daemon_process=$!
for _ in $(seq 200); do [ -S "$run/daemon.socket" ] && break; kill -0 $daemon_process 2>/dev/null || exit 1; sleep 0.05; done
"$cache" --config "$run/harmonia.toml" &
cache_process=$!
set +m

url=http://localhost:$port
for _ in $(seq 200); do
  kill -0 $cache_process 2>/dev/null || exit 1
  (exec 3<>"/dev/tcp/localhost/$port") 2>/dev/null && break
  sleep 0.05
done

if [ -n "$demo" ]; then
  example=$(head -n 1 "$run/demo-paths")
else
  example=$(first_path "$store")
fi
hash=${example#/nix/store/}
cat <<TEXT

URL         $url
Public key  $(cat "$run/public-key")

Try:
  curl $url/nix-cache-info
  curl $url/${hash%%-*}.narinfo
  nix --extra-experimental-features nix-command copy --from $url --to /tmp/harmonia-copy \\
    --option trusted-public-keys '$(cat "$run/public-key")' $example

Ctrl-C stops it.
TEXT

# Ends when either process does.
wait -n "$daemon_process" "$cache_process" || true
