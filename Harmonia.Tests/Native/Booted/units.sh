# The units as they are shipped, with a dynamic user.
. /test/common

step "The units are in order"
is "$(systemd-analyze verify /usr/lib/systemd/system/harmonia-*.{service,socket,timer} 2>&1 | grep -i harmonia || true)" ""

step "The sockets are there before the services"
for unit in harmonia-cache harmonia-daemon; do
  is "$(state $unit.socket)" active
  is "$(state $unit.service)" inactive
done

step "Root and an ordinary user add through the daemon's socket, which starts it"
export NIX_REMOTE=$ours
echo "added by root" >/root/one
one=$(nix-store --add /root/one)
is "$(state harmonia-daemon.service)" active
echo "added by alice" >/home/alice/two
two=$(as_alice "$new_nix/nix-store" --add /home/alice/two)
mkdir -p "/root/tree/a b/ü"; head -c 3000000 /dev/urandom >"/root/tree/a b/ü/random"; ln -s ../one /root/tree/link
tree=$(nix-store --add /root/tree)

step "Nix 2.8 and 2.34 copy over HTTP, as root and as an ordinary user"
copy_over_http nix "$one" "$two" "$tree"
copy_over_http "$new_nix/nix" "$one" "$tree"
export -f copy_over_http; export url
as_alice bash -euc 'copy_over_http "$@"' - "$new_nix/nix" "$two" "$tree"
is "$(state harmonia-cache.service)" active
[ -n "$(find /var/cache/harmonia-cache/nars/ -name '*.zst' -size +0)" ]
[ -n "$(find /var/cache/harmonia-cache/signatures/ -type f)" ]
is "$(stat -L -c %a /var/cache/harmonia-cache)" 700

step "health, status and the metrics socket"
harmonia-cache health "$url"
harmonia-cache health --ready "$url"
harmonia-cache status --config /etc/harmonia/harmonia.toml
harmonia-daemon health /run/harmonia-daemon/socket
harmonia-daemon status --config /etc/harmonia/daemon.toml
contains "$(curl --silent --fail http://127.0.0.1:9100/metrics)" "harmonia_build_info{"
is "$(curl --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:9100/nix-cache-info)" 404
is "$(curl --silent --output /dev/null --write-out '%{http_code}' $url/metrics)" 404

step "The sandbox of the cache"
cache=$(main_pid harmonia-cache.service)
status=$(cat /proc/$cache/status)
contains "$status" $'NoNewPrivs:\t1'
contains "$status" $'CapBnd:\t0000000000000000'
contains "$status" $'Seccomp:\t2'
[ "$(stat -c %u /proc/$cache)" -ge 61184 ]
is "$(readlink /proc/$cache/exe)" /usr/lib/harmonia/harmonia-cache
[ "$(readlink /proc/$cache/ns/net)" != "$(readlink /proc/1/ns/net)" ]

step "The sandbox of the daemon: it adds and collects, and sees what others use"
daemon=$(main_pid harmonia-daemon.service)
status=$(cat /proc/$daemon/status)
contains "$status" $'NoNewPrivs:\t1'
# CHOWN 0, DAC_OVERRIDE 1, DAC_READ_SEARCH 2, FOWNER 3, FSETID 4, SYS_PTRACE 19.
contains "$status" $'CapBnd:\t000000000008001f'
cp /bin/sleep /root/sleep
sleeper=$(nix-store --add /root/sleep)
setpriv --reuid=alice --regid=alice --clear-groups "$sleeper" infinity &
until_true sh -c "[ \$(readlink /proc/$!/exe) = $sleeper ]"
nix-store --realise --add-root /root/kept --indirect "$one" >/dev/null
nix-store --gc >/dev/null
[ -e "$sleeper" ]
[ -e "$one" ]
[ ! -e "$two" ]
[ ! -e "$tree" ]
kill $!
nix-store --optimise
nix-store --verify --check-contents

step "The collector deletes garbage, and with the drop-in old generations of root and of users"
is "$(systemctl is-enabled harmonia-gc.timer || true) $(state harmonia-gc.timer)" "disabled inactive"
install -d --owner=alice /nix/var/nix/profiles/per-user/alice
for profile in /nix/var/nix/profiles/test /nix/var/nix/profiles/per-user/alice/test; do
  for generation in 1 2 3; do
    echo "$profile $generation" >/root/generation
    nix-env --profile $profile --set "$(nix-store --add /root/generation)"
    [ $generation = 3 ] || touch --no-dereference --date "$((90 - 20 * generation)) days ago" $profile-$generation-link
  done
done
first=$(readlink /nix/var/nix/profiles/test-1-link)
echo garbage >/root/garbage
garbage=$(nix-store --add /root/garbage)
systemctl start harmonia-gc.service
[ ! -e "$garbage" ]
[ -e "$first" ]
install -D --mode=644 --target-directory=/etc/systemd/system/harmonia-gc.service.d /test/examples/gc-generations.conf
systemctl daemon-reload
systemctl start harmonia-gc.service
for profile in /nix/var/nix/profiles/test /nix/var/nix/profiles/per-user/alice/test; do
  [ ! -h $profile-1-link ]
  [ -h $profile-2-link ]
done
[ -e "$first" ]
sed -i 's/20%%/900T/' /etc/systemd/system/harmonia-gc.service.d/gc-generations.conf
systemctl daemon-reload
systemctl start harmonia-gc.service
[ ! -e "$first" ]
[ -e "$one" ]
journalctl --sync
log=$(journalctl --boot --output=cat --unit harmonia-gc.service)
contains "$log" "Deleted 2 generations:"
contains "$log" "No garbage was collected: "
contains "$log" "there is no more garbage."
systemctl enable --now harmonia-gc.timer 2>/dev/null
contains "$(systemctl list-timers harmonia-gc.timer)" "harmonia-gc.service"

step "Reload"
systemctl reload harmonia-cache.service
until_true sh -c 'journalctl --unit harmonia-cache.service --output=cat | grep -q "Reloaded"'

step "Nothing in the journal is a warning so far"
journalctl --sync
is "$(journalctl --boot --priority=warning --output=cat --unit 'harmonia-*')" ""
contains "$(journalctl --boot --output=cat --unit harmonia-daemon.service)" "Takes over the socket harmonia-daemon.socket (descriptor 3)"

step "A restart refuses nobody"
( while [ ! -e /run/stop ]; do asked harmonia-cache health "$url"; asked harmonia-daemon health /run/harmonia-daemon/socket; done ) &
for _ in 1 2 3; do systemctl restart harmonia-cache.service harmonia-daemon.service; done
touch /run/stop; wait $!
is "$(cat /run/refused 2>/dev/null || true)" ""

step "kill -9 of both heals"
for unit in harmonia-cache harmonia-daemon; do
  before=$(main_pid $unit.service)
  kill -KILL "$before"
  until_true sh -c "[ \$(systemctl show --property=MainPID --value $unit.service) != $before ] && systemctl --quiet is-active $unit.service"
done
nix-store --query --hash "$one"
copy_over_http nix "$one"

step "A process that hangs is ended by the watchdog, and heals"
mkdir -p /run/systemd/system/harmonia-daemon.service.d
printf '[Service]\nWatchdogSec=2\n' >/run/systemd/system/harmonia-daemon.service.d/soon.conf
systemctl daemon-reload
systemctl restart harmonia-daemon.service
before=$(main_pid harmonia-daemon.service)
kill -STOP "$before"
until_true sh -c "[ \$(systemctl show --property=MainPID --value harmonia-daemon.service) != $before ]"
nix-store --query --hash "$one"

step "A broken configuration leaves the socket, and heals once it is mended"
cp /etc/harmonia/harmonia.toml /root/good.toml
echo "prioritty = 3" >>/etc/harmonia/harmonia.toml
refuses systemctl restart harmonia-cache.service
is "$(state harmonia-cache.socket)" active
cp /root/good.toml /etc/harmonia/harmonia.toml
until_true harmonia-cache health --ready "$url"

step "Stopped services are started by the next client"
systemctl stop harmonia-cache.service harmonia-daemon.service
is "$(state harmonia-cache.socket) $(state harmonia-daemon.socket)" "active active"
copy_over_http nix "$one"

step "No program has complained since, but about what was broken on purpose"
journalctl --sync
is "$(journalctl --boot --priority=warning --output=cat _SYSTEMD_UNIT=harmonia-cache.service + _SYSTEMD_UNIT=harmonia-daemon.service |
  grep -v 'prioritty: unknown key\|The daemon is unavailable' || true)" ""
echo DONE
