# The example of docs/nixos.md and README.md.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev.daemon.enable = true;
  services.harmonia-dev.cache = {
    enable = true;
    signKeyPaths = [ "/var/lib/secrets/harmonia.secret" ];
    openFirewall = true;
  };
}
