# Compressed NARs, and metrics on a port of their own that Prometheus reads. One key of a table leaves the others as they are.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev.cache = {
    enable = true;
    narCache = {
      enable = true;
      maxSize = "100 GiB";
    };
    metrics = {
      bind = "127.0.0.1:5001";
      scrape = true;
    };
    settings.nar_cache.level = 2;
  };
}
