# Every configuration of the modules' tests that is no mistake, over the real NixOS: its assertions hold, and its units can be built.
{ pkgs }:
let
  inherit (pkgs) lib;
  directory = ../../Harmonia.Tests/NixOS/Configurations;
  # These are refused, or name files of the machine that evaluates them.
  excluded = [
    "mistakes.nix"
    "warnings.nix"
  ];
  names = lib.filter (name: lib.hasSuffix ".nix" name && !lib.elem name excluded) (
    lib.attrNames (builtins.readDir directory)
  );

  evaluate =
    name:
    (import (pkgs.path + "/nixos/lib/eval-config.nix") {
      system = null;
      specialArgs.inputs.harmonia.nixosModules = {
        harmonia = ../.;
        harmonia-replacement = ../replacement.nix;
      };
      modules = [
        (directory + "/${name}")
        {
          nixpkgs.pkgs = pkgs;
          boot.isContainer = true;
          security.acme = {
            acceptTerms = lib.mkDefault true;
            defaults.email = lib.mkDefault "admin@example.com";
          };
          system.stateVersion = lib.trivial.release;
        }
      ];
    }).config;

  unitsOf =
    name:
    let
      config = evaluate name;
      failed = map (one: one.message) (lib.filter (one: !one.assertion) config.assertions);
      units = lib.filterAttrs (unit: _: lib.hasPrefix "harmonia" unit) config.systemd.units;
    in
    if failed == [ ] then
      lib.mapAttrsToList (unit: definition: {
        name = "${name}/${unit}";
        path = definition.unit;
      }) units
    else
      throw "${name}: ${lib.concatStringsSep "\n" failed}";
in
pkgs.linkFarm "harmonia-units" (lib.concatMap unitsOf names)
