# The names of NixOS from harmonia 3.1 on, with its daemon.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia-replacement ];
  services.harmonia = {
    cache = {
      enable = true;
      signKeyPaths = [
        "/run/secrets/old-key"
        "/run/secrets/new-key"
      ];
      settings.bind = "127.0.0.1:5000";
    };
    daemon = {
      enable = true;
      logLevel = "debug";
    };
  };
}
