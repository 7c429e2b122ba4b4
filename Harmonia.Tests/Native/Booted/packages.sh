# The Debian packages from installation to purge.
. /test/common
all="harmonia-cache harmonia-daemon"
install_version() { dpkg --install /test/packages/harmonia-{cache,daemon}_"$1"_*.deb >/root/dpkg.log 2>&1 || { cat /root/dpkg.log; return 1; }; }

step "Installation: the sockets listen, the key is there, and stock clients copy"
install_version 0.1.0
for name in $all; do
  is "$(state $name.socket) $(systemctl is-enabled $name.socket) $(state $name.service)" "active enabled inactive"
done
is "$(stat -c '%a %U' /etc/harmonia/secret-key /etc/harmonia/public-key | tr '\n' ' ')" "600 root 644 root "
contains "$(id harmonia)" "(harmonia)"
echo one >/root/one
one=$(NIX_REMOTE=$ours nix-store --add /root/one)
copy_over_http nix "$one"
is "$(stat -c %U /proc/$(main_pid harmonia-cache.service))" harmonia
is "$(dpkg --verify $all)" ""
is "$(systemctl is-enabled harmonia-gc.timer || true) $(state harmonia-gc.timer)" "disabled inactive"
echo garbage >/root/garbage
garbage=$(NIX_REMOTE=$ours nix-store --add /root/garbage)
ln -s "$one" /nix/var/nix/gcroots/one
systemctl start harmonia-gc.service
[ ! -e "$garbage" ]
[ -e "$one" ]
systemctl enable --now harmonia-gc.timer 2>/dev/null

step "An upgrade: edited configurations stay, and no client is refused"
echo "priority = 41" >>/etc/harmonia/harmonia.toml
key=$(cat /etc/harmonia/public-key)
before=$(main_pid harmonia-cache.service)
( while [ ! -e /run/stop ]; do asked harmonia-cache health "$url"; echo asked >>/run/asked; done ) &
until_true test -s /run/asked
install_version 0.1.1
until_true sh -c "[ \$(systemctl show --property=MainPID --value harmonia-cache.service) != $before ]"
touch /run/stop; wait $!
is "$(cat /run/refused 2>/dev/null || true)" ""
contains "$(curl --silent --fail $url/nix-cache-info)" "Priority: 41"
is "$(cat /etc/harmonia/public-key)" "$key"
is "$(systemctl is-enabled harmonia-gc.timer)" enabled
copy_over_http nix "$one"

step "What the administrator disabled stays disabled"
systemctl disable --now harmonia-cache.socket 2>/dev/null
systemctl stop harmonia-cache.service
install_version 0.1.0
is "$(systemctl is-enabled harmonia-cache.socket || true) $(state harmonia-cache.socket)" "disabled inactive"
systemctl enable --now harmonia-cache.socket 2>/dev/null

step "Removal leaves the configuration, and the next installation finds it"
dpkg --remove $all >/dev/null 2>&1
for name in $all; do refuses systemctl --quiet is-active $name.socket; refuses systemctl --quiet is-active $name.service; done
[ ! -e /usr/bin/harmonia-cache ]
contains "$(cat /etc/harmonia/harmonia.toml)" "priority = 41"
install_version 0.1.1
contains "$(curl --silent --fail $url/nix-cache-info)" "Priority: 41"
is "$(cat /etc/harmonia/public-key)" "$key"
copy_over_http nix "$one"

step "Nothing in the journal is a warning"
journalctl --sync
is "$(journalctl --boot --priority=warning --output=cat _SYSTEMD_UNIT=harmonia-cache.service + _SYSTEMD_UNIT=harmonia-daemon.service |
  grep -v 'Serving at most' || true)" ""

step "Purge leaves nothing but the user and the store"
dpkg --purge $all >/root/dpkg.log 2>&1
is "$(find / -xdev -name '*harmonia*' ! -path '/proc/*' ! -path '/test/*' ! -path '/sys/*' ! -path '/root/*' ! -path '/tmp/*' ! -path '/var/log/*')" ""
refuses systemctl cat harmonia-cache.socket
refuses dpkg --status harmonia-cache
[ -e "$one" ]
getent passwd harmonia >/dev/null
echo DONE
