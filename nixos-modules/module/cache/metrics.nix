# A socket of its own for /metrics, and the rule that makes Prometheus on this machine read it.
{ root, unit }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.cache;
  inherit (cfg) metrics;
  addresses = import ../addresses.nix { inherit lib; };
  port = toString (addresses.port metrics.bind);
  inherit (lib) mkIf mkOption types;
in
{
  options.services.${root}.cache.metrics = {
    bind = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "127.0.0.1:5001";
      description = "Address that serves `/metrics` and nothing else, as in `settings.bind`. Without it, the cache's own addresses serve it.";
    };
    scrape = mkOption {
      type = types.bool;
      default = false;
      description = "Add the job `${unit}` to `services.prometheus.scrapeConfigs`. Needs `bind` with a TCP port.";
    };
  };

  config = mkIf (cfg.enable && metrics.bind != null) {
    systemd.sockets."${unit}-metrics" = {
      description = "Socket of the Harmonia binary cache's metrics";
      wantedBy = [ "sockets.target" ];
      socketConfig = {
        ListenStream = addresses.listenStream metrics.bind;
        FileDescriptorName = "metrics";
        FreeBind = true;
        Service = "${unit}.service";
      };
    };
    systemd.services.${unit} = {
      requires = [ "${unit}-metrics.socket" ];
      after = [ "${unit}-metrics.socket" ];
    };

    services.prometheus.scrapeConfigs = mkIf metrics.scrape [
      {
        job_name = unit;
        static_configs = [ { targets = [ "localhost:${port}" ]; } ];
      }
    ];
  };
}
