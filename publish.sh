#!/usr/bin/env bash
# Publishes harmonia-daemon and harmonia-cache as native programs: self-contained, compiled ahead of time, without a .NET runtime to install.
#
#   ./publish.sh                   for this machine
#   ./publish.sh RID               for linux-x64 or linux-arm64
#   ./publish.sh --output DIR      into DIR; the default is artifacts/publish/RID
#   ./publish.sh --help
#
# DIR gets the two programs, the native libraries that they load, and the debug symbols of each program as PROGRAM.dbg.
# The programs name the revision they were made of: of git, with -dirty where files differ, or of .ci/REVISION in an archive of git.
# It needs the .NET 10 SDK, gcc (or clang), objcopy and libc's development files; for the other architecture a gcc cross compiler.
# It installs nothing.
# Any warning of the trimmer or of the ahead-of-time compiler is an error.
#
# No path of this machine gets into the programs. Two builds of the same sources have the same code. Their build id can differ, because
# the generator of the log methods writes its classes in any order.
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() { sed -n '2,/^set/{s/^# \{0,1\}//;/^set/d;p}' "$0"; }
die() { printf '%s\n' "$@" >&2; exit 1; }

case $(uname -m) in
  x86_64) machine=linux-x64 ;;
  aarch64) machine=linux-arm64 ;;
  *) machine='' ;;
esac
target=$machine
output=''
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit ;;
    --output) output=${2:?--output needs a folder}; [[ $output = /* ]] || output=$here/$output; shift ;;
    -*) usage >&2; exit 2 ;;
    *) target=$1 ;;
  esac
  shift
done
case $target in
  linux-x64) debian=x86-64-linux-gnu triple=x86_64-linux-gnu ;;
  linux-arm64) debian=aarch64-linux-gnu triple=aarch64-linux-gnu ;;
  '') die "This machine, $(uname -m), is none of those that native programs are made for: linux-x64, linux-arm64." ;;
  *) die "'$target' is none of the systems that native programs are made for: linux-x64, linux-arm64." ;;
esac
output=${output:-$PWD/artifacts/publish/$target}

# --- What is needed ----------------------------------------------------------------------------------------------------------------

command -v dotnet >/dev/null || die "The .NET 10 SDK is missing: 'dotnet' is not on PATH. See https://dotnet.microsoft.com/download."
tools=()
if [ "$target" = "$machine" ]; then
  compiler=gcc
  command -v gcc >/dev/null || compiler=clang
  packages='gcc libc6-dev'
  others='; on Fedora: dnf install gcc glibc-devel; elsewhere gcc or clang with the development files of libc'
else
  compiler=$triple-gcc
  packages="gcc-$debian libc6-dev-${target#linux-}-cross"
  packages=${packages/-x64-cross/-amd64-cross}
  others="; elsewhere a cross compiler named $compiler with the development files of libc"
  tools=("-p:ObjCopyName=$triple-objcopy")
  command -v "$triple-objcopy" >/dev/null || compiler=''
fi
# One program of C tells whether compiler, linker and libc's development files are there.
if [ -z "$compiler" ] || ! command -v "$compiler" >/dev/null || ! printf 'int main(void) { return 0; }' | "$compiler" -x c -o /dev/null - -lm 2>/dev/null; then
  die "No C compiler on this machine links programs for $target." \
    "On Debian and Ubuntu: apt-get install $packages$others."
fi
[ -n "${tools[*]}" ] || command -v objcopy >/dev/null || command -v llvm-objcopy >/dev/null ||
  die "objcopy is missing, which splits the debug symbols off. On Debian and Ubuntu: apt-get install binutils."

# --- Publishing --------------------------------------------------------------------------------------------------------------------

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# In a folder of its own, so that builds, tests and dotnet format may run meanwhile. Every other build runs the analyzers.
work=$PWD/artifacts/native
rm -rf "$output"
mkdir -p "$output" "$work"
if [ ${#tools[@]} -gt 0 ]; then
  # .NET passes clang's --target to the linker for another architecture. gcc refuses it: its target is in its name.
  cat > "$work/$triple-link" <<EOF
#!/bin/sh
for argument do
  shift
  case \$argument in --target=*) ;; *) set -- "\$@" "\$argument" ;; esac
done
exec $compiler "\$@"
EOF
  chmod +x "$work/$triple-link"
  tools+=("-p:CppCompilerAndLinker=$work/$triple-link")
fi
revision=$(sed -n 's/^\([0-9a-f]\{7,40\}\)$/\1/p' .ci/REVISION)
if [ -z "$revision" ] && revision=$(git rev-parse --short=12 HEAD 2>/dev/null); then
  [ -z "$(git status --porcelain --untracked-files=no)" ] || revision+=-dirty
fi
for project in Harmonia.Daemon Harmonia.Cache; do
  printf 'Publishing %s for %s ...\n' "$project" "$target"
  rm -rf "$work/out/$project"
  dotnet publish "$project" --configuration Release --runtime "$target" --output "$work/out/$project" --verbosity quiet --nologo \
    -p:PublishAot=true -p:ArtifactsPath="$work" -p:RunAnalyzers=false -p:RestoreLockedMode=false \
    -p:SourceRevisionId="$revision" "${tools[@]}"
  find "$work/out/$project" -name '*.so' -o -name 'harmonia-*.dbg' | xargs -r install --mode 644 --target-directory "$output"
done
install --mode 755 "$work"/out/Harmonia.{Daemon/harmonia-daemon,Cache/harmonia-cache} "$output"
ls -l "$output" | awk 'NR > 1 { printf "%8.1f MB  %s\n", $5 / 1e6, $NF }'
printf 'Published to %s.\n' "$output"
