#!/usr/bin/env bash
# Makes the Debian with systemd that tests boot: debian-root.sh PREFIX. A root that is there already is left alone.
#
# PREFIX/bookworm/ holds Debian 12 with systemd, D-Bus and Debian's Nix with the units of its daemon. Tests put an overlay over it.
# Needs root, debootstrap and systemd-container.
set -euo pipefail

prefix=${1:?usage: debian-root.sh PREFIX}
suite=bookworm
[ ! -e "$prefix/$suite" ] || exit 0
mkdir -p "$prefix"
rm -rf "$prefix/$suite.new"
# The mirror that this machine's own apt uses.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | sort -u | head -n 1)
{
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus "$suite" "$prefix/$suite.new" "$mirror"
  # debootstrap does not know virtual packages, of which Nix needs one.
  chroot "$prefix/$suite.new" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nix-bin nix-setup-systemd curl
  chroot "$prefix/$suite.new" apt-get clean
} >"$prefix/$suite.log" 2>&1 || { tail -n 20 "$prefix/$suite.log" >&2; exit 1; }
mv "$prefix/$suite.new" "$prefix/$suite"
