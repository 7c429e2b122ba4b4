# Evaluates a VM test: every node over the stub, and the script as text.
{ name }:
let
  lib = import ./lib;
  pkgs = import ./system/pkgs.nix { inherit lib; };
  call = function: arguments: if lib.isFunction function then function arguments else function;
  test = call (import (../../../nixos-modules/tests + "/${name}.nix")) { inherit pkgs lib; };

  # The module that NixOS has for services.harmonia, as far as a test names its options.
  predecessor = rec {
    key = "/modules/services/networking/harmonia.nix";
    _file = key;
    options.services.harmonia = lib.mkOption {
      type = lib.types.attrsOf lib.types.anything;
      default = { };
    };
  };
  evaluate =
    node:
    (lib.evalModules {
      modules = [
        ./system/options.nix
        ./system/machines.nix
        predecessor
        node
      ];
      specialArgs = {
        modulesPath = "/modules";
        inherit pkgs;
      };
    }).config;
  nodes = lib.mapAttrs (_: evaluate) (test.nodes or { });
in
{
  inherit (test) name;
  script = call test.testScript { inherit nodes; };
  units = lib.mapAttrs (_: config: (import ./system/render.nix { inherit lib; }) config.systemd) nodes;
  failedAssertions = lib.concatMap (config: map (one: one.message) (lib.filter (one: !one.assertion) config.assertions)) (
    lib.attrValues nodes
  );
}
