# Caddy before the cache: it gets certificates by itself, and passes NARs on as they come.
{ root, unit }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.cache;
  proxy = cfg.caddy;
  addresses = import ../addresses.nix { inherit lib; };
  socket = lib.findFirst addresses.isUnix "unix:/run/${unit}/http.sock" (lib.toList cfg.settings.bind);
in
{
  options.services.${root}.cache.caddy = import ./proxy-options.nix { inherit lib; } "caddy";

  config = lib.mkIf (cfg.enable && proxy.enable) {
    services.caddy = {
      enable = true;
      virtualHosts.${proxy.virtualHost}.extraConfig = ''
        ${lib.optionalString (proxy.certificate != null) "tls ${proxy.certificate} ${proxy.key}"}
        respond /metrics 404
        reverse_proxy unix/${addresses.unixPath socket} {
          flush_interval -1
          transport http {
            compression off
            keepalive 5m
          }
        }
      '';
    };
  };
}
