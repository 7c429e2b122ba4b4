# Beside nix-daemon and in its place, with the drop-ins that are shipped as examples.
. /test/common

step "Beside nix-daemon, each on its own socket"
systemctl start nix-daemon.socket
echo "by our daemon" >/root/one
one=$(NIX_REMOTE=$ours nix-store --add /root/one)
NIX_REMOTE=daemon nix-store --query --hash "$one"
is "$(state nix-daemon.service)" active

step "The cache asks nix-daemon, whose socket is for the group nix-users"
mkdir -p /etc/systemd/system/harmonia-cache.service.d
cp /test/examples/nix-users.conf /etc/systemd/system/harmonia-cache.service.d/
echo 'daemon_socket = "/nix/var/nix/daemon-socket/socket"' >>/etc/harmonia/harmonia.toml
systemctl daemon-reload
copy_over_http nix "$one"

step "In the place of nix-daemon"
mkdir -p /etc/systemd/system/harmonia-daemon.socket.d
cp /test/examples/replace-nix-daemon.conf /etc/systemd/system/harmonia-daemon.socket.d/
systemctl daemon-reload
systemctl stop harmonia-daemon.service harmonia-daemon.socket
systemctl start harmonia-daemon.socket
is "$(state nix-daemon.socket) $(state nix-daemon.service)" "inactive inactive"
echo "in the place of nix-daemon" >/root/two
two=$(NIX_REMOTE=daemon nix-store --add /root/two)
NIX_REMOTE=$ours nix-store --query --hash "$two"
contains "$(journalctl --boot --output=cat --unit harmonia-daemon.service)" "/nix/var/nix/daemon-socket/socket"
copy_over_http nix "$two"

step "And back"
systemctl start nix-daemon.socket
until_true sh -c '! systemctl --quiet is-active harmonia-daemon.socket'
NIX_REMOTE=daemon nix-store --query --hash "$two"
copy_over_http nix "$two"

step "A nix-daemon.socket that starts our program"
mkdir -p /etc/systemd/system/nix-daemon.service.d
printf '[Service]\nExecStart=\nExecStart=/usr/bin/harmonia-daemon --daemon\n' >/etc/systemd/system/nix-daemon.service.d/ours.conf
systemctl daemon-reload
systemctl stop nix-daemon.service
echo "behind nix-daemon.socket" >/root/three
three=$(NIX_REMOTE=daemon nix-store --add /root/three)
contains "$(journalctl --boot --output=cat --unit nix-daemon.service)" "Takes over the socket nix-daemon.socket (descriptor 3)"
systemctl stop nix-daemon.service
[ -S /nix/var/nix/daemon-socket/socket ]

step "Builds, with build.conf"
systemctl stop nix-daemon.socket
install -D --target-directory=/etc/systemd/system/harmonia-daemon.service.d /test/examples/build.conf
cp /etc/harmonia/daemon.toml /root/daemon.toml
echo 'build_delegate = "/usr/bin/nix-store"' >>/etc/harmonia/daemon.toml
printf 'sandbox = false\nsubstituters =\n' >/etc/nix/nix.conf
rm /etc/systemd/system/harmonia-daemon.socket.d/replace-nix-daemon.conf
systemctl daemon-reload
systemctl start harmonia-daemon.socket
built=$(NIX_REMOTE=$ours nix-build --no-out-link --expr 'derivation {
  name = "built"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo $(/usr/bin/id --user --name) >$out" ]; }')
contains "$(cat "$built")" nixbld
rm /etc/systemd/system/harmonia-daemon.service.d/build.conf
cp /root/daemon.toml /etc/harmonia/
systemctl daemon-reload
systemctl stop harmonia-daemon.service

step "A store that is mounted read-only: a warning, and with the drop-in it can be added to"
mount --bind /nix/store /nix/store; mount -o remount,bind,ro /nix/store
echo four >/root/four
refuses env NIX_REMOTE=$ours nix-store --add /root/four
contains "$(journalctl --boot --output=cat --priority=warning --unit harmonia-daemon.service)" "is mounted read-only"
mkdir -p /run/systemd/system/harmonia-daemon.service.d
cp /test/examples/read-only-store.conf /run/systemd/system/harmonia-daemon.service.d/
systemctl daemon-reload
systemctl stop harmonia-daemon.service
four=$(NIX_REMOTE=$ours nix-store --add /root/four)
[ -e "$four" ]
refuses touch /nix/store/x

step "A metrics_bind of its own, with own-bind"
cp /test/examples/own-bind.conf /etc/systemd/system/harmonia-cache.service.d/
echo 'metrics_bind = "127.0.0.1:9101"' >>/etc/harmonia/harmonia.toml
systemctl daemon-reload
systemctl stop harmonia-cache-metrics.socket 2>/dev/null
systemctl restart harmonia-cache.service
contains "$(curl --silent --fail http://127.0.0.1:9101/metrics)" "harmonia_build_info{"
echo DONE
