# A collector that uses harmonia-daemon of another store, deletes no generations, honours other roots, and is started by hand.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev = {
    daemon = {
      enable = true;
      mode = "add";
      dbPath = "/srv/store/nix/var/nix/db/db.sqlite";
      settings.real_store_dir = "/srv/store/nix/store";
    };
    gc = {
      enable = true;
      gcRootsDirs = [ "/home/ci/roots" ];
      extraArgs = [
        "--max-freed"
        "10G"
      ];
    };
  };
}
