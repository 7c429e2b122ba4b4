# Options of the collector: those of its predecessor.
{ root, ... }:
{ lib, ... }:
let
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
    enable = lib.mkEnableOption "harmonia-gc.service, which has a daemon collect garbage: harmonia-daemon if its `mode` allows that, otherwise nix-daemon";
    automatic = flag "Collect garbage at `dates`.";
    deleteOlderThan = limit "30d" "First delete generations of profiles that are older.";
    ensureFree = limit "50G" "Collect only until this much is free: a size, or a share of the file system such as `20%`.";
    keepRecent = limit "1d" "Keep paths that became valid within this time, and what they refer to.";
    noVacuum = flag "Without effect: the daemon rewrites its database only if most of it is free.";
    chunkSize = mkOption {
      type = types.nullOr types.ints.positive;
      default = null;
      description = "Without effect: the daemon knows how many paths to delete in one transaction.";
    };
    gcRootsDirs = strings "Further directories with roots.";
    extraArgs = strings "Further arguments of `harmonia-daemon gc`.";
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
}
