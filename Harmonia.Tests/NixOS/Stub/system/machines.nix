# Further options of NixOS that the nodes of our VM tests define.
{ lib, ... }:
let
  free = lib.mkOption {
    type = lib.types.attrsOf lib.types.anything;
    default = { };
  };
  list = lib.mkOption {
    type = lib.types.listOf lib.types.unspecified;
    default = [ ];
  };
in
{
  options = {
    environment.systemPackages = list;
    security.pki.certificateFiles = list;
    specialisation = free;
    system = {
      extraDependencies = list;
      build = free;
    };
    users.users = free;
    services.prometheus = {
      enable = lib.mkEnableOption "Prometheus";
      globalConfig = free;
    };
  };

  config.system.build.toplevel = "/nix/store/00000000000000000000000000000000-nixos-system";
}
