# One implementation for two places in the configuration: `root` is the name below `services`, `unit` that of the cache's units.
{ root, unit }:
let
  place = { inherit root unit; };
in
{ lib, pkgs, ... }:
{
  imports = [
    (import ./cache place)
    (import ./daemon place)
    (import ./gc place)
    (import ./client.nix place)
  ]
  ++ map (name: lib.mkRenamedOptionModule [ "services" root name ] [ "services" root "cache" name ]) [
    "enable"
    "signKeyPath"
    "signKeyPaths"
    "settings"
  ];

  options.services.${root}.package = lib.mkOption {
    type = lib.types.package;
    default = pkgs.callPackage ../package { };
    defaultText = lib.literalExpression "harmonia, as this repository builds it";
    description = "Package with `bin/harmonia-cache` and `bin/harmonia-daemon`.";
  };
}
