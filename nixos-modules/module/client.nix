# For machines that download from a cache.
{ root, ... }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.client;
in
{
  options.services.${root}.client = {
    enable = lib.mkEnableOption "downloads from a Harmonia cache";

    url = lib.mkOption {
      type = lib.types.str;
      example = "https://cache.example.com";
      description = "Address of the cache.";
    };

    publicKeys = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "cache.example.com-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" ];
      description = "Public keys of the cache, as `harmonia-cache generate-key` writes them.";
    };
  };

  config = lib.mkIf cfg.enable {
    nix.settings = {
      substituters = [ cfg.url ];
      trusted-public-keys = cfg.publicKeys;
    };
  };
}
