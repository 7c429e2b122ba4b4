# What the scripts share. Sourced; a command that fails ends the script and shows what systemd knows.
set -eEuo pipefail

report() {
  echo "FAILED in line $1: $2"
  systemctl --no-pager --full status 'harmonia-*' || true
  journalctl --boot --no-pager --output=short-precise --lines=80
}
[ ! -d /run/systemd/system ] || trap 'report "$LINENO" "$BASH_COMMAND"' ERR

step() { echo "== $*"; }

# Runs a command until it succeeds; the unit of the test has a limit.
until_true() { until "$@" >/dev/null 2>&1; do sleep 0.05; done; }

# Asks as clients do, which try again when a connection breaks: a server that ends may reset one over which it has read no request yet.
# Notes what was refused, or failed three times.
asked() {
  for _ in 1 2 3; do
    if "$@" >/dev/null 2>/run/answer; then return; fi
    if grep --quiet refused /run/answer; then break; fi
  done
  cat /run/answer >>/run/refused
}

state() { systemctl show --property=ActiveState --value "$1"; }
main_pid() { systemctl show --property=MainPID --value "$1"; }
is() { [ "$1" = "$2" ] || { echo "expected '$2', but got '$1'"; return 1; }; }
# A failing command behind ! does not end a script.
refuses() { if "$@" >/dev/null 2>&1; then echo "should have failed: $*"; return 1; fi; }
contains() { case $1 in *"$2"*) ;; *) echo "expected '$2' in: $1"; return 1 ;; esac; }

# Where the test put a newer Nix: new_nix.
. /test/variables
ours=unix:///run/harmonia-daemon/socket
url=http://127.0.0.1:5000

# Copies paths over HTTP into a new store and verifies them there; stock clients demand a signature.
copy_over_http() {
  local nix=$1 destination; shift
  destination=$(mktemp -d)
  "$nix" --extra-experimental-features nix-command --option trusted-public-keys "$(cat /etc/harmonia/public-key)" \
    copy --from "$url" --to "local?root=$destination" "$@"
  for path; do diff -r --no-dereference "$destination$path" "$path"; done
}

as_alice() { setpriv --reuid=alice --regid=alice --clear-groups env HOME=/home/alice "$@"; }
