# Caddy with a certificate from files, before the module that replaces the one of NixOS; a TCP address besides.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia-replacement ];
  services.harmonia.cache = {
    enable = true;
    caddy = {
      enable = true;
      virtualHost = "cache.example.com";
      certificate = "/var/lib/secrets/cache.pem";
      key = "/var/lib/secrets/cache-key.pem";
    };
    settings.bind = [
      "unix:/run/harmonia/http.sock"
      "127.0.0.1:5000"
    ];
  };
}
