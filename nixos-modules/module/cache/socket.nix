# systemd listens: connections wait while the service restarts, and the service needs no network.
{ root, unit }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.cache;
  addresses = import ../addresses.nix { inherit lib; };
  bind = lib.toList cfg.settings.bind;
  proxyGroup =
    if cfg.nginx.enable then
      config.services.nginx.group
    else if cfg.caddy.enable then
      config.services.caddy.group
    else
      null;
in
{
  config = lib.mkIf cfg.enable {
    systemd.sockets.${unit} = {
      description = "Sockets of the Harmonia binary cache";
      wantedBy = [ "sockets.target" ];
      socketConfig = {
        ListenStream = map addresses.listenStream bind;
        FileDescriptorName = "http";
        Backlog = 4096;
        # An address may get to its interface later than the socket listens.
        FreeBind = true;
        NoDelay = true;
        SocketMode = if proxyGroup == null then "0666" else "0660";
        SocketGroup = lib.mkIf (proxyGroup != null) proxyGroup;
      };
    };

    networking.firewall.allowedTCPPorts = lib.mkIf cfg.openFirewall (
      if cfg.nginx.enable || cfg.caddy.enable then
        [
          80
          443
        ]
      else
        addresses.tcpPorts bind
    );
  };
}
