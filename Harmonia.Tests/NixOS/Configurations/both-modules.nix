# Both modules on one machine: each cache has its own units and address, one daemon serves both.
{ inputs, ... }:
{
  imports = [
    inputs.harmonia.nixosModules.harmonia
    inputs.harmonia.nixosModules.harmonia-replacement
  ];
  services.harmonia-dev = {
    daemon.enable = true;
    cache = {
      enable = true;
      settings.bind = "[::]:5001";
    };
  };
  services.harmonia.cache.enable = true;
}
