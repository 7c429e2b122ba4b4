# Which daemon collects. One that only answers may not, so nix-daemon does, which has the same store.
{ root, config }:
let
  inherit (config.services.${root}) daemon;
in
rec {
  isOurs = daemon.enable && daemon.mode != "answer";
  socketUnit = if isOurs then "harmonia-daemon.socket" else "nix-daemon.socket";
  stateDirectory = if isOurs then daemon.settings.state_dir or "/nix/var/nix" else "/nix/var/nix";
  storeDirectory = if isOurs then daemon.settings.real_store_dir or daemon.settings.store_dir else "/nix/store";

  # The file names the socket and the store.
  environment = if isOurs then { inherit (config.systemd.services.harmonia-daemon.environment) HARMONIA_DAEMON_CONFIG; } else { };
  arguments = if isOurs then [ ] else [ "/nix/var/nix/daemon-socket/socket" ];
}
