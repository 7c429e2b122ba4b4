# The options of NixOS that our modules define: systemd's units.
{ lib, ... }:
let
  inherit (lib) mkOption types;

  # A directive: a value, or several of them; several definitions of lists are joined.
  directive =
    let
      atom = types.nullOr (types.oneOf [ types.bool types.int types.str types.path types.package ]);
    in
    types.either atom (types.listOf atom);

  list = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
  section = mkOption {
    type = types.attrsOf directive;
    default = { };
  };
  text = mkOption {
    type = types.str;
    default = "";
  };
  flag = mkOption {
    type = types.bool;
    default = true;
  };
  optionalInt = mkOption {
    type = types.nullOr types.int;
    default = null;
  };

  common = {
    enable = flag;
    description = text;
    unitConfig = section;
  }
  // lib.genAttrs [
    "after"
    "before"
    "bindsTo"
    "conflicts"
    "partOf"
    "requiredBy"
    "requires"
    "wantedBy"
    "wants"
  ] (_: list)
  // {
    startLimitIntervalSec = optionalInt;
    startLimitBurst = optionalInt;
  };

  units =
    own:
    mkOption {
      type = types.attrsOf (types.submodule { options = common // own; });
      default = { };
    };
in
{
  options.systemd = {
    services = units {
      serviceConfig = section;
      environment = mkOption {
        type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ]));
        default = { };
      };
      path = mkOption {
        type = types.listOf (types.either types.package types.str);
        default = [ ];
      };
      script = text;
      restartIfChanged = flag;
      reloadIfChanged = mkOption {
        type = types.bool;
        default = false;
      };
      stopIfChanged = flag;
      restartTriggers = mkOption {
        type = types.listOf types.unspecified;
        default = [ ];
      };
    };
    sockets = units { socketConfig = section; };
    paths = units { pathConfig = section; };
    timers = units { timerConfig = section; };
  };
}
