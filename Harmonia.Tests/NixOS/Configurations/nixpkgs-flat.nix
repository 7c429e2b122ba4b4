# The names of NixOS up to harmonia 2, and what users hang on the unit's name.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia-replacement ];
  services.harmonia = {
    enable = true;
    signKeyPath = "/run/secrets/harmonia-key";
    settings = {
      priority = 35;
      real_nix_store = "/mnt/hdd/nix/store";
    };
  };
  systemd.services.harmonia.after = [ "mnt-hdd.mount" ];
}
