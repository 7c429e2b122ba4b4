# The predecessor's options for its garbage collector. There is no such program here yet: whoever enables it is told what to use.
{ root, ... }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.gc;
  inherit (lib) mkOption types;
  flag =
    description:
    mkOption {
      type = types.bool;
      default = false;
      inherit description;
    };
  limit =
    example: description:
    mkOption {
      type = types.nullOr types.singleLineStr;
      default = null;
      inherit example description;
    };
  strings =
    description:
    mkOption {
      type = types.listOf types.str;
      default = [ ];
      inherit description;
    };
in
{
  options.services.${root}.gc = {
    enable = lib.mkEnableOption "the garbage collector, which does not exist yet: an assertion names what to use";
    automatic = flag "Collect garbage at `dates`.";
    deleteOlderThan = limit "30d" "Delete generations of profiles that are older.";
    ensureFree = limit "50G" "Free space, in bytes or per cent of the file system, at which to stop.";
    keepRecent = limit "1d" "Keep paths that became valid within this time.";
    noVacuum = flag "Do not rewrite the database afterwards.";
    chunkSize = mkOption {
      type = types.nullOr types.ints.positive;
      default = null;
      description = "Number of paths that become invalid in one transaction; null for the program's default.";
    };
    gcRootsDirs = strings "Further directories with roots.";
    extraArgs = strings "Further arguments of the program.";
    dates = mkOption {
      type = types.either types.singleLineStr (types.listOf types.str);
      default = [ "03:15" ];
      apply = lib.toList;
      description = "When to collect, as in {manpage}`systemd.time(7)`.";
    };
    randomizedDelaySec = mkOption {
      type = types.singleLineStr;
      default = "0";
      description = "Random delay before each collection.";
    };
    persistent = mkOption {
      type = types.bool;
      default = true;
      description = "Collect after the start if the machine was off at the date.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = false;
        message = ''
          services.${root}.gc.enable is true, but this harmonia has no program for it yet.
          Use nix.gc (nix.gc.automatic, nix.gc.dates, nix.gc.options = "--delete-older-than 30d") and, to keep space free,
          nix.settings.min-free.
        '';
      }
    ];
  };
}
