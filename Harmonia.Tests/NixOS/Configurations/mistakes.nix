# Everything that an assertion refuses, at once.
{ inputs, ... }:
{
  imports = [
    inputs.harmonia.nixosModules.harmonia
    inputs.harmonia.nixosModules.harmonia-replacement
  ];
  services.harmonia.daemon.enable = true;
  services.harmonia.gc.enable = true;
  services.harmonia.cache = {
    enable = true;
    settings.bind = "localhost:5000";
    caddy = {
      enable = true;
      virtualHost = "cache.example.com";
    };
    nginx = {
      enable = true;
      virtualHost = "cache.example.com";
      certificate = "/var/lib/secrets/cache.pem";
    };
  };
  services.harmonia-dev = {
    cache = {
      enable = true;
      settings = {
        bind = [
          "[::]:5000"
          "[::]:5000"
          "localhost:5000"
        ];
        nar_cache.directory = "/srv/nars";
      };
      credentialsFile = "/nix/store/11111111111111111111111111111111-credentials";
      tls.key = "/nix/store/11111111111111111111111111111111-key.pem";
      metrics.scrape = true;
    };
    daemon = {
      enable = true;
      replaceNixDaemon = true;
      storeDir = "nix/store";
    };
    gc.enable = true;
  };
  nix.enable = false;
}
