# harmonia-daemon in place of nix-daemon, and the cache beside it.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev = {
    daemon = {
      enable = true;
      mode = "build";
      replaceNixDaemon = true;
    };
    cache.enable = true;
  };
  nix.envVars.TMPDIR = "/var/tmp";
}
