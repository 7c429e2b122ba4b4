# Options of the daemon: the five of its predecessor, and those that are new.
{ root, ... }:
{ lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  text =
    default: description:
    mkOption {
      type = types.str;
      inherit default description;
    };
in
{
  options.services.${root}.daemon = {
    enable = lib.mkEnableOption "harmonia-daemon, a store daemon for this machine's Nix store";

    socketPath = text "/run/harmonia-daemon/socket" "Socket on which clients, the cache among them, reach the daemon.";
    storeDir = text "/nix/store" "Directory of the store.";
    dbPath = text "/nix/var/nix/db/db.sqlite" "Database of the store.";
    logLevel = text "info" "Least severe messages in the log.";

    mode = mkOption {
      type = types.enum [
        "answer"
        "add"
        "build"
      ];
      default = "answer";
      description = ''
        What the daemon's unit allows: answering questions about the store; adding to it and collecting its garbage as well;
        or building besides, which opens the unit, because builders inherit its restrictions.
      '';
    };

    settings = mkOption {
      type = types.submodule { freeformType = types.attrsOf (types.nullOr (pkgs.formats.toml { }).type); };
      default = { };
      example.min_free = "8 GiB";
      description = "Further keys of the daemon's TOML file; they take precedence over the options above.";
    };

    replaceNixDaemon = mkOption {
      type = types.bool;
      default = false;
      description = "Take the place of nix-daemon: its units are masked, and the daemon listens on its socket as well. Needs `mode` other than `answer`.";
    };
  };
}
