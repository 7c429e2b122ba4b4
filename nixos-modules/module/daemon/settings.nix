# The daemon's TOML file, from the options.
{ root, ... }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.daemon;
  inherit (lib) mkDefault mkIf mkMerge;
  suffix = "/db/db.sqlite";
  stateDir = lib.removeSuffix suffix cfg.dbPath;
in
{
  config = mkIf cfg.enable {
    services.${root}.daemon.settings = mkMerge [
      {
        socket_path = mkDefault cfg.socketPath;
        store_dir = mkDefault cfg.storeDir;
        db_path = mkDefault cfg.dbPath;
        log_level = mkDefault cfg.logLevel;
        log_format = mkDefault "journald";
      }
      # The database of another store lies beside that store's roots and locks.
      (mkIf (lib.hasSuffix suffix cfg.dbPath && stateDir != "/nix/var/nix") {
        state_dir = mkDefault stateDir;
      })
      (mkIf (cfg.mode == "build") {
        build_delegate = mkDefault "${config.nix.package}/bin/nix-store";
      })
    ];
  };
}
