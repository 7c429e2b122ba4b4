# nix-daemon's units are masked while ours has its socket. Switching the option off unmasks them, and NixOS starts its socket again.
{ root, ... }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.daemon;
  units = [
    "nix-daemon.socket"
    "nix-daemon.service"
  ];
in
{
  config = lib.mkIf (cfg.enable && cfg.replaceNixDaemon) {
    systemd.sockets.nix-daemon.enable = false;
    systemd.services.nix-daemon.enable = false;

    systemd.sockets.harmonia-daemon = {
      conflicts = units;
      after = units;
      socketConfig.ListenStream = [ "/nix/var/nix/daemon-socket/socket" ];
    };
  };
}
