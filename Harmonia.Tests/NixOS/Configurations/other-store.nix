# A store outside of /nix: the daemon adds to it, and the cache serves its files, which lie below a home.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev = {
    daemon = {
      enable = true;
      mode = "add";
      dbPath = "/home/guest/nix/var/nix/db/db.sqlite";
      settings.real_store_dir = "/home/guest/nix/store";
    };
    cache = {
      enable = true;
      settings.real_nix_store = "/home/guest/nix/store";
    };
  };
}
