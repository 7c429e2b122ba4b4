# The shortest configuration that many want: old generations and their garbage go at night, with a daemon beside nix-daemon that answers.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev = {
    daemon.enable = true;
    gc = {
      enable = true;
      automatic = true;
      deleteOlderThan = "30d";
    };
  };
}
