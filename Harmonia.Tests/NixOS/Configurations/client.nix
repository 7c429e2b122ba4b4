# A machine that downloads from a cache.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev.client = {
    enable = true;
    url = "https://cache.example.com";
    publicKeys = [ "cache.example.com-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" ];
  };
}
