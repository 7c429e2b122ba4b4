#!/usr/bin/env bash
# Installs what the tests need, builds, publishes, checks the format, runs every test and closes with `N passed, N failed, N skipped`.
#
#   ./test.sh                      everything
#   ./test.sh --filter EXPRESSION  only the tests that match, as `dotnet test --filter` takes it
#   HARMONIA_PROGRAMS=DIR ./test.sh  all tests start the harmonia-daemon and harmonia-cache in DIR; nothing is published
#
# The native programs are published for Harmonia.Tests/Native: with a filter only if it names `Native`, since that takes minutes.
# Real Nix clients of three generations are part of the tests: Debian's nix-bin (2.8), and 2.26 and 2.34 unpacked beside it
# into $HARMONIA_NIX_CLIENTS (default /var/cache/nix-clients). A Debian that tests boot, with systemd as PID 1, is made once in
# $HARMONIA_DEBIAN (default /var/cache/harmonia-debian). Nothing is skipped when a tool is missing: the tests fail.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

filter=()
if [ "${1:-}" = --filter ] && [ $# -eq 2 ]; then
  filter=(--filter "$2")
elif [ $# -ne 0 ]; then
  sed -n '2,/^set/{s/^# \{0,1\}//;/^set/d;p}' "$0"; exit 2
fi

[ -z "${HARMONIA_PROGRAMS:-}" ] || { HARMONIA_PROGRAMS=$(realpath "$HARMONIA_PROGRAMS"); export HARMONIA_PROGRAMS; }
publishing=
if [ -z "${HARMONIA_PROGRAMS:-}" ] && [[ ${filter[1]:-Native} = *Native* ]]; then publishing=1; fi

step() { printf '\n==> %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: 'dotnet' is not on PATH." >&2; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export HARMONIA_NIX_CLIENTS=${HARMONIA_NIX_CLIENTS:-/var/cache/nix-clients}
export HARMONIA_DEBIAN=${HARMONIA_DEBIAN:-/var/cache/harmonia-debian}

step "Tools"
packages=(nix-bin zstd bzip2 patchelf sqlite3 curl git chromium nginx openssl systemd prometheus gcc libc6-dev acl python3-minimal
  caddy haproxy varnish debootstrap systemd-container)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
if [ ! -x "$HARMONIA_NIX_CLIENTS/trixie/usr/bin/nix" ] || [ ! -x "$HARMONIA_NIX_CLIENTS/forky/usr/bin/nix" ]; then
  as_root bash .ci/nix-clients.sh "$HARMONIA_NIX_CLIENTS" trixie forky
fi
as_root bash .ci/debian-root.sh "$HARMONIA_DEBIAN"
for nix in /usr/bin/nix "$HARMONIA_NIX_CLIENTS"/{trixie,forky}/usr/bin/nix; do "$nix" --version; done

step "Build"
dotnet restore Harmonia.sln --locked-mode
dotnet build Harmonia.sln --no-restore --verbosity quiet

step "Format${publishing:+, and the native programs}"
if [ -n "$publishing" ]; then ./publish.sh >artifacts/publish.log 2>&1 & publisher=$!; fi
status=0
dotnet format Harmonia.sln --no-restore --verify-no-changes || status=$?
if [ -n "$publishing" ]; then
  wait "$publisher" || status=$?
  cat artifacts/publish.log
fi
[ "$status" = 0 ] || exit "$status"

step "Tests"
results=$PWD/artifacts/test-results
rm -rf "$results"
dotnet test Harmonia.Tests --no-build --blame-hang-timeout 10m --blame-hang-dump-type none --logger 'console;verbosity=normal' --logger 'trx;LogFileName=tests.trx' \
  --results-directory "$results" ${filter[@]+"${filter[@]}"} || status=$?

# dotnet test words its summary in its own way; the numbers are in the result file.
counters=$(grep -o '<Counters [^>]*>' "$results/tests.trx" 2>/dev/null || true)
count() { printf '%s' "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
total=$(count total) passed=$(count passed) failed=$(count failed)
if [ -z "$total" ] || [ "$total" = 0 ]; then
  echo "No test ran." >&2
  exit 1
fi
if [ "$failed" != 0 ]; then
  status=1
  # Once more at the end, where a log that is cut off still has them.
  step "Failed"
  awk '/<UnitTestResult .*outcome="Failed"/ { match($0, /testName="[^"]*"/); print "* " substr($0, RSTART + 10, RLENGTH - 11); inside = 1; next }
       /<\/UnitTestResult>/ { inside = 0 }
       inside && !/^ *<\/?(Output|ErrorInfo|StdOut|StdErr)/ { gsub(/<\/?(Message|StackTrace)>/, ""); print }' "$results/tests.trx" |
    sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#xD;//g; s/&amp;/\&/g'
fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
  # One test ended the process of all.
  echo "The run ended before the last test: what it says of that is above." >&2
  failed=1 total=$((total + 1))
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$((total - passed - failed))"
exit "$status"
