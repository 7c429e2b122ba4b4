# The names of NixOS from harmonia 3.3 on: a collector that uses nix-daemon. What has no effect any more gets a warning.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia-replacement ];
  services.harmonia.gc = {
    enable = true;
    automatic = true;
    deleteOlderThan = "30d";
    ensureFree = "20%";
    keepRecent = "1d";
    noVacuum = true;
    chunkSize = 100;
    gcRootsDirs = [ "/mnt/extra roots" ];
    dates = "weekly";
  };
  nix.gc.automatic = true;
}
