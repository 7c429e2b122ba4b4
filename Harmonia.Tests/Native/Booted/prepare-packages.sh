# Before the boot: a store that Nix itself made, and an ordinary user. The packages do the rest.
. /test/common
systemctl disable nix-daemon.socket nix-daemon.service 2>/dev/null
nix-store --init
useradd --create-home alice
