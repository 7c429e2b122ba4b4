# Defaults of harmonia.toml, each on its own: a user who sets one key keeps the others.
{ root, unit }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.cache;
  daemon = config.services.${root}.daemon;
  behindProxy = cfg.nginx.enable || cfg.caddy.enable;
  inherit (lib) mkDefault mkIf mkMerge;
in
{
  config = mkIf cfg.enable {
    services.${root}.cache.settings = mkMerge [
      {
        bind = mkDefault (if behindProxy then "unix:/run/${unit}/http.sock" else "[::]:5000");
        workers = mkDefault 4;
        max_connection_rate = mkDefault 256;
        priority = mkDefault 50;
        log_format = mkDefault "journald";
      }
      (mkIf daemon.enable { daemon_socket = mkDefault daemon.settings.socket_path; })
      # A proxy on a Unix socket has no address; it is trusted as soon as any proxy is.
      (mkIf behindProxy {
        trusted_proxies = mkDefault [
          "127.0.0.1"
          "::1"
        ];
      })
      (mkIf cfg.narCache.enable {
        nar_cache = {
          directory = mkDefault "/var/cache/${unit}/nars";
          max_size = mkDefault cfg.narCache.maxSize;
          level = mkDefault cfg.narCache.level;
        };
      })
    ];
  };
}
