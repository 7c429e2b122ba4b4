# The names of NixOS from harmonia 3.3 on: the collector's options exist, and enabling it is refused.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia-replacement ];
  services.harmonia.gc = {
    enable = true;
    automatic = true;
    deleteOlderThan = "30d";
    ensureFree = "50G";
    keepRecent = "1d";
    noVacuum = true;
    chunkSize = 100;
    gcRootsDirs = [ "/mnt/extra-roots" ];
    dates = "weekly";
  };
}
