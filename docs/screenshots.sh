#!/usr/bin/env bash
# Makes the pictures of the pages in docs/screenshots, from a store of this repository's own files. Needs the .NET SDK and Chromium.
#
#   docs/screenshots.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "Chromium is needed." >&2; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
for project in Harmonia.Daemon Harmonia.Cache; do
  dotnet build "$project" --configuration Release --verbosity quiet --nologo
done
daemon=$PWD/artifacts/bin/Harmonia.Daemon/release/harmonia-daemon
cache=$PWD/artifacts/bin/Harmonia.Cache/release/harmonia-cache
pictures=$PWD/docs/screenshots
mkdir -p "$pictures"

work=$(mktemp --directory)
stop() {
  for process in "${cache_process:-}" "${daemon_process:-}"; do
    [ -n "$process" ] || continue
    kill -TERM "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap stop EXIT

# Only what is in the repository: no other files of whoever runs this.
mkdir "$work/harmonia"
git archive HEAD | tar --extract --directory "$work/harmonia"
path=$("$daemon" import --store-root "$work/root" "$work/harmonia" | head --lines=1)
name=${path##*/}
"$daemon" import --store-root "$work/root" README.md LICENSE docs > /dev/null
"$cache" generate-key cache.example.com-1 "$work/secret" "$work/public"

cat > "$work/daemon.toml" <<TOML
socket_path = "$work/daemon.socket"
real_store_dir = "$work/root/nix/store"
state_dir = "$work/root/nix/var/nix"
log_level = "warn"
TOML
port=5099
cat > "$work/cache.toml" <<TOML
bind = "127.0.0.1:$port"
daemon_socket = "$work/daemon.socket"
real_nix_store = "$work/root/nix/store"
sign_key_paths = ["$work/secret"]
operator = "Example Ltd."
log_level = "warn"
TOML
"$daemon" --config "$work/daemon.toml" &
daemon_process=$!
for _ in $(seq 200); do [ -S "$work/daemon.socket" ] && break; sleep 0.05; done
"$cache" --config "$work/cache.toml" &
cache_process=$!
for _ in $(seq 200); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.05; done

# NAME TARGET SIZE COLOURS: 0 is dark, 1 is light. The page sees the name that its clients would use.
picture() {
  "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --disable-lcd-text --user-data-dir="$work/profile" \
    --host-resolver-rules="MAP cache.example.com 127.0.0.1" --blink-settings="preferredColorScheme=$4" \
    --window-size="$3" --screenshot="$pictures/$1.png" "http://cache.example.com:$port$2" 2> /dev/null
}
# The first request makes the cache count its paths.
picture landing / 960,702 1
picture landing / 960,702 1
picture landing-phone / 400,840 0
picture path "/path/$name" 960,1150 1
picture listing "/serve/$name/docs/" 960,900 0
ls -l "$pictures"
