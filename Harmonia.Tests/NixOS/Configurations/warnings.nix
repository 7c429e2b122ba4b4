# What evaluates, but deserves a warning.
{ inputs, pkgs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia-replacement ];
  services.harmonia = {
    enable = true;
    signKeyPath = pkgs.writeText "cache-key" "a key that everybody can read";
    cache.signKeyPaths = [ /etc/harmonia/secret-key ];
    settings.nix_db_path = "/nix/var/nix/db/db.sqlite";
  };
  nix.settings.allowed-users = [ "@wheel" ];
}
