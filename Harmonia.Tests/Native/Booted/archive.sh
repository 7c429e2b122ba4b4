# The archive for any distribution, installed into a prefix.
. /test/common
cd /test/archive/harmonia-*

step "Installation into /usr/local"
./install.sh >/dev/null
contains "$(harmonia-cache --version)" "revision "
harmonia-cache generate-key debian-1 /etc/harmonia/secret-key /etc/harmonia/public-key
is "$(systemd-analyze verify /etc/systemd/system/harmonia-*.{service,socket,timer} 2>&1 | grep -i harmonia || true)" ""
systemctl daemon-reload
systemctl enable --now harmonia-cache.socket harmonia-daemon.socket 2>/dev/null
echo one >/root/one
one=$(NIX_REMOTE=$ours nix-store --add /root/one)
copy_over_http nix "$one"
is "$(readlink /proc/$(main_pid harmonia-cache.service)/exe)" /usr/local/lib/harmonia/harmonia-cache
systemctl start harmonia-gc.service
[ ! -e "$one" ]

step "A second installation leaves what was edited"
echo "priority = 41" >>/etc/harmonia/harmonia.toml
./install.sh >/dev/null
contains "$(cat /etc/harmonia/harmonia.toml)" "priority = 41"

step "Another prefix keeps everything below it"
DESTDIR=/root/image ./install.sh /opt/harmonia >/dev/null
/root/image/opt/harmonia/bin/harmonia-daemon --version >/dev/null
is "$(ls /root/image)" opt
contains "$(cat /root/image/opt/harmonia/lib/systemd/system/harmonia-cache.service)" \
  "ExecStart=/opt/harmonia/bin/harmonia-cache --config /opt/harmonia/etc/harmonia/harmonia.toml"
echo DONE
