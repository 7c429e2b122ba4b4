#!/usr/bin/env bash
# Makes packages of published programs: a Debian package of each, and an archive of both for any distribution.
#
#   packaging/make.sh                     of artifacts/publish/linux-x64, into artifacts/packages
#   packaging/make.sh --programs DIR      of what ./publish.sh --output DIR made
#   packaging/make.sh --output DIR        into DIR, which gets SHA256SUMS, too
#   packaging/make.sh --version VERSION   instead of the version of the sources
#   packaging/make.sh --fast              larger files in a quarter of the time
#
# The same programs give the same packages, bit for bit: files have the time of the last commit, or of SOURCE_DATE_EPOCH.
# It needs dpkg-deb, tar and zstd.
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '2,/^set/{s/^# \{0,1\}//;/^set/d;p}' "$0"; }
absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$here" "$1" ;; esac; }
programs=$PWD/artifacts/publish/linux-x64
output=$PWD/artifacts/packages
compression=(-Zxz) level=-19
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props)
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit ;;
    --programs) programs=$(absolute "${2:?--programs needs a folder}"); shift ;;
    --output) output=$(absolute "${2:?--output needs a folder}"); shift ;;
    --version) version=${2:?--version needs a version}; shift ;;
    --fast) compression=(-Zgzip -z1) level=-1 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
for program in harmonia-cache harmonia-daemon; do
  [ -x "$programs/$program" ] || { echo "$programs/$program is missing: ./publish.sh makes it." >&2; exit 1; }
done
case $(od -An -tx2 -j18 -N2 "$programs/harmonia-daemon") in
  *003e) architecture=amd64 system=linux-x64 ;;
  *00b7) architecture=arm64 system=linux-arm64 ;;
  *) echo "$programs/harmonia-daemon is for no known processor." >&2; exit 1 ;;
esac
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -c safe.directory="$PWD" log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$output"
put() { install -D --mode="$1" "$2" "$3"; }
date_of_release=$(date --utc --date="@$SOURCE_DATE_EPOCH" --rfc-email)

# --- Debian ---------------------------------------------------------------------------------------------------------------------------

# The libraries are beside each program: a package owns its files alone.
debian() {
  local name=$1 configuration=$2 tree=$work/$1; shift 2
  put 755 "$programs/$name" "$tree/usr/lib/$name/$name"
  for library; do put 644 "$programs/$library" "$tree/usr/lib/$name/$library"; done
  mkdir -p "$tree/usr/bin"
  ln -s "../lib/$name/$name" "$tree/usr/bin/$name"
  put 644 "packaging/systemd/$name.service" "$tree/lib/systemd/system/$name.service"
  put 644 "packaging/systemd/$name.socket" "$tree/lib/systemd/system/$name.socket"
  put 644 "packaging/$configuration" "$tree/etc/harmonia/$configuration"
  put 644 packaging/debian/copyright "$tree/usr/share/doc/$name/copyright"
  put 644 docs/operations.md "$tree/usr/share/doc/$name/operations.md"
  put 644 docs/configuration.md "$tree/usr/share/doc/$name/configuration.md"
  gzip -9n <docs/CHANGELOG.md >"$tree/usr/share/doc/$name/NEWS.gz"
  printf '%s (%s) unstable; urgency=medium\n\n  * See NEWS.gz.\n\n -- The Harmonia maintainers <harmonia@localhost>  %s\n' \
    "$name" "$version" "$date_of_release" | gzip -9n >"$tree/usr/share/doc/$name/changelog.gz"
  mkdir -p "$tree/DEBIAN"
  printf '/etc/harmonia/%s\n' "$configuration" >"$tree/DEBIAN/conffiles"
  for script in postinst prerm postrm; do put 755 "packaging/debian/$name.$script" "$tree/DEBIAN/$script"; done
}

control() {
  local name=$1 tree=$work/$1
  {
    printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: The Harmonia maintainers <harmonia@localhost>\n' "$name" "$version" "$architecture"
    printf 'Installed-Size: %s\nSection: net\nPriority: optional\n' "$(du -sk --apparent-size "$tree" | cut -f1)"
    cat
  } >"$tree/DEBIAN/control"
  (cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' md5sum) >"$work/md5sums"
  put 644 "$work/md5sums" "$tree/DEBIAN/md5sums"
  find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group "${compression[@]}" --build "$tree" "$output/${name}_${version}_$architecture.deb" >/dev/null
}

debian harmonia-cache harmonia.toml libsodium.so
put 644 packaging/systemd/sysusers.d/harmonia.conf "$work/harmonia-cache/usr/lib/sysusers.d/harmonia.conf"
for example in nix-users.conf own-bind.conf notify-reload.conf harmonia-cache-metrics.socket; do
  put 644 "packaging/systemd/examples/$example" "$work/harmonia-cache/usr/share/doc/harmonia-cache/examples/$example"
done
put 644 Harmonia.Cache/harmonia-grafana-dashboard.json "$work/harmonia-cache/usr/share/harmonia-cache/harmonia-grafana-dashboard.json"
control harmonia-cache <<'CONTROL'
Depends: libc6 (>= 2.34), libssl3 | libssl3t64, systemd, init-system-helpers (>= 1.52)
Recommends: harmonia-daemon | nix-setup-systemd
Suggests: nginx, prometheus
Description: Nix binary cache over HTTP
 Serves a Nix store to clients of Nix as a binary cache: it signs, compresses
 and resumes, and asks harmonia-daemon or nix-daemon what is in the store.
CONTROL

debian harmonia-daemon daemon.toml libe_sqlite3.so libsodium.so
for unit in harmonia-gc.service harmonia-gc.timer; do
  put 644 "packaging/systemd/$unit" "$work/harmonia-daemon/lib/systemd/system/$unit"
done
for example in replace-nix-daemon.conf read-only-store.conf build.conf gc-generations.conf; do
  put 644 "packaging/systemd/examples/$example" "$work/harmonia-daemon/usr/share/doc/harmonia-daemon/examples/$example"
done
control harmonia-daemon <<'CONTROL'
Depends: libc6 (>= 2.34), libssl3 | libssl3t64, init-system-helpers (>= 1.52)
Suggests: nix-bin
Description: daemon for a Nix store
 Speaks the protocol of nix-daemon with any Nix client: it answers, adds,
 verifies and collects garbage, beside nix-daemon or in its place.
CONTROL

# --- The archive ----------------------------------------------------------------------------------------------------------------------

top=harmonia-$version-$system
tree=$work/archive/$top
for program in harmonia-cache harmonia-daemon; do
  put 755 "$programs/$program" "$tree/lib/harmonia/$program"
  mkdir -p "$tree/bin"
  ln -s "../lib/harmonia/$program" "$tree/bin/$program"
done
for library in libe_sqlite3.so libsodium.so; do put 644 "$programs/$library" "$tree/lib/harmonia/$library"; done
for unit in packaging/systemd/harmonia-*; do put 644 "$unit" "$tree/lib/systemd/system/${unit##*/}"; done
put 644 packaging/systemd/sysusers.d/harmonia.conf "$tree/lib/sysusers.d/harmonia.conf"
put 644 packaging/systemd/tmpfiles.d/harmonia.conf "$tree/lib/tmpfiles.d/harmonia.conf"
for file in harmonia.toml daemon.toml; do put 644 "packaging/$file" "$tree/share/harmonia/$file"; done
put 644 Harmonia.Cache/harmonia-grafana-dashboard.json "$tree/share/harmonia/harmonia-grafana-dashboard.json"
for page in docs/*.md README.md; do put 644 "$page" "$tree/share/doc/harmonia/${page##*/}"; done
for example in packaging/systemd/examples/*; do put 644 "$example" "$tree/share/doc/harmonia/examples/${example##*/}"; done
put 644 packaging/debian/copyright "$tree/share/doc/harmonia/copyright"
put 644 LICENSE "$tree/LICENSE"
put 755 packaging/install.sh "$tree/install.sh"
tar --create --directory="$work/archive" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu "$top" |
  zstd -q -f "$level" -T0 -o "$output/$top.tar.zst"

(cd "$output" && sha256sum -- *"$version"*"$architecture.deb" "$top.tar.zst" | LC_ALL=C sort -k2 >SHA256SUMS)
cat "$output/SHA256SUMS"
