# Before the boot: a store, a key, an ordinary user, and the sockets enabled.
. /test/common
systemctl disable nix-daemon.socket nix-daemon.service 2>/dev/null
harmonia-daemon init --store-root /
harmonia-cache generate-key debian-1 /etc/harmonia/secret-key /etc/harmonia/public-key
useradd --create-home alice
systemctl enable harmonia-cache.socket harmonia-cache-metrics.socket harmonia-daemon.socket 2>/dev/null
