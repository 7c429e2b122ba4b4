#!/bin/sh
# Installs Harmonia from this archive: ./install.sh PREFIX. It uses no network, and starts nothing.
#
# PREFIX is /usr/local, if there is none. Units go to /etc/systemd/system for /usr and /usr/local, and to PREFIX/lib/systemd/system
# otherwise. Configurations that are there already are left alone. DESTDIR is put before all paths, for packages.
set -eu

prefix=${1:-/usr/local}
case $prefix in /*) ;; *) echo "PREFIX begins with a slash." >&2; exit 2 ;; esac
here=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}
case $prefix in /usr | /usr/local) units=/etc/systemd/system etc=/etc ;; *) units=$prefix/lib/systemd/system etc=$prefix/etc ;; esac

umask 022
mkdir -p "$root$prefix/bin" "$root$prefix/lib" "$root$prefix/share" "$root$units" "$root$etc/harmonia"
# A program that runs can't be written to, but replaced.
rm -rf "$root$prefix/lib/harmonia"
cp -R "$here/lib/harmonia" "$root$prefix/lib/"
cp -R "$here/share/harmonia" "$here/share/doc" "$root$prefix/share/"
for program in harmonia-cache harmonia-daemon; do ln -sf "../lib/harmonia/$program" "$root$prefix/bin/$program"; done
for unit in "$here"/lib/systemd/system/*; do
  sed -e "s|/usr/bin/harmonia|$prefix/bin/harmonia|" -e "s|/etc/harmonia/|$etc/harmonia/|g" "$unit" >"$root$units/${unit##*/}"
done
for file in harmonia.toml daemon.toml; do
  [ -e "$root$etc/harmonia/$file" ] || cp "$here/share/harmonia/$file" "$root$etc/harmonia/$file"
done
cat <<TEXT
Installed to $prefix. What is left to do:
  $prefix/bin/harmonia-cache generate-key NAME-1 $etc/harmonia/secret-key $etc/harmonia/public-key
  systemctl daemon-reload
  systemctl enable --now harmonia-cache.socket harmonia-daemon.socket
To collect garbage every night:
  systemctl enable --now harmonia-gc.timer
TEXT
