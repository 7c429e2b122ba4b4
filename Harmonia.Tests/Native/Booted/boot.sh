#!/bin/bash
# Boots a Debian with systemd as PID 1 and runs one script in it: boot.sh ROOT WORK PAYLOAD RESULTS [--bind-ro=DIR]...
#
# ROOT stays as it is: all changes go to an overlay in memory at WORK, below which PAYLOAD is copied. /test/prepare runs before the boot,
# /test/script after it, and what they print is RESULTS/log. Ends with 0 if the script did, with 7 if it failed. Runs in a mount
# namespace of its own (unshare --mount), which takes the mounts with it.
set -euo pipefail

root=$1 work=$2 payload=$3 results=$4
shift 4
mount -t tmpfs -o mode=0755 tmpfs "$work"
mkdir "$work"/{upper,work,root}
mount -t overlay -o lowerdir="$root",upperdir="$work/upper",workdir="$work/work" overlay "$work/root"
cp -r --no-preserve=ownership "$payload/." "$work/root/"

# getty waits for the boot to end, and with it would what the test stops.
for unit in getty.target console-getty.service systemd-pstore.service; do ln -sf /dev/null "$work/root/etc/systemd/system/$unit"; done
mkdir -p "$work/root/etc/systemd/system/multi-user.target.wants"
ln -sf ../test.service "$work/root/etc/systemd/system/multi-user.target.wants/"
cat >"$work/root/etc/systemd/system/test.service" <<'UNIT'
[Unit]
Description=The test
After=basic.target dbus.service
SuccessAction=exit-force
FailureAction=exit-force
FailureActionExitStatus=7
[Service]
Type=oneshot
ExecStart=/bin/bash -E /test/script
StandardOutput=append:/result/log
StandardError=inherit
TimeoutStartSec=300
UNIT

container=(systemd-nspawn --quiet --directory "$work/root" --register=no --keep-unit --private-network --bind="$results:/result" "$@")
"${container[@]}" /bin/bash -E /test/prepare </dev/null >>"$results/log" 2>&1
exec "${container[@]}" --boot </dev/null >"$results/console" 2>&1
