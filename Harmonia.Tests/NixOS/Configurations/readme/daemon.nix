{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];

  services.harmonia-dev.daemon.enable = true;

  services.harmonia-dev.daemon = {
    socketPath = "/run/harmonia-daemon/socket";
    storeDir = "/nix/store";
    dbPath = "/nix/var/nix/db/db.sqlite";
    logLevel = "info";
  };

  services.harmonia-dev.cache.enable = true;
}
