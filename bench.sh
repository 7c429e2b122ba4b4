#!/usr/bin/env bash
# Measures harmonia-cache with harmonia-daemon against nginx that serves the same store as static files, and prints Markdown tables.
#
#   ./bench.sh                     everything: some 15 minutes
#   ./bench.sh --quick             fewer and shorter rounds: under 3 minutes, once the store is made
#   ./bench.sh --only PATTERN      only the works whose name matches this regular expression
#   ./bench.sh --peer NAME=URL=PID another server of the same store and the process whose CPU time counts; any number of them
#   ./bench.sh --output FILE       writes the tables there as well
#   ./bench.sh --list              names the works
#   ./bench.sh --help              all commands and options
#   ./bench.sh daemon              harmonia-daemon against the real nix-daemon instead, with --quick, --only, --output and --list as above
#   ./bench.sh memory              the memory of both programs alone: idle, under each load, a minute later; with --quick, --output and
#                                  --load-minutes N, which has the mixed load last longer: is there a leak?
#   ./bench.sh grow                both programs with stores of 5,000 to 1,000,000 paths; with --quick, --only, --output, --list and
#                                  --paths 5000,20000,... (some 6 GB more under $HARMONIA_BENCH_DIR)
#   ./bench.sh start               the time from the start of both programs to the first answer; with --quick and --output
#   HARMONIA_PROGRAMS=DIR ./bench.sh  measures the harmonia-daemon and harmonia-cache in DIR; nothing is published
#
# The store is made once, by a real Nix and a generator, under $HARMONIA_BENCH_DIR (default /var/cache/harmonia-bench, some 5 GB), where
# a peer finds it: real directory root/nix/store, database root/nix/var/nix/db. Debian packages that are missing are installed.
# docs/benchmarks.md describes the method. The code is in Harmonia.Tests/Benchmarks/Servers.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: 'dotnet' is not on PATH." >&2; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
mkdir -p "$root/artifacts/bench"
log=$root/artifacts/bench/build.log
# Analyzers have their say in every other build.
dotnet build "$root/Harmonia.Tests/Benchmarks" --configuration Release --verbosity quiet -p:RunAnalyzers=false >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
exec dotnet "$root/artifacts/bin/Harmonia.Benchmarks/release/Harmonia.Benchmarks.dll" servers "$@"
