# Options of both front ends.
{ lib }:
name:
let
  inherit (lib) mkOption types;
  file =
    description:
    mkOption {
      type = types.nullOr types.str;
      default = null;
      inherit description;
    };
in
{
  enable = lib.mkEnableOption "${name} with TLS before the cache, on a Unix socket between them";
  virtualHost = mkOption {
    type = types.str;
    example = "cache.example.com";
    description = "Name of the cache in the network. Everything else of this host can be set in `services.${name}.virtualHosts`.";
  };
  certificate = file "PEM file of the certificate; without it, ACME gets one.";
  key = file "PEM file of its private key, readable for ${name}.";
}
