# What the evaluation reports of the collector.
{ root, ... }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.gc;
  name = "services.${root}.gc";
  inherit (config.services.${root}) daemon;
  inherit (daemon) settings;
  otherRoot = if root == "harmonia" then "harmonia-dev" else "harmonia";
  other = config.services.${otherRoot}.gc or { };
  collector = import ./collector.nix { inherit root config; };
  hasOtherStore =
    daemon.enable && (settings.real_store_dir or settings.store_dir != "/nix/store" || (settings.state_dir or "/nix/var/nix") != "/nix/var/nix");
in
{
  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = collector.isOurs || config.nix.enable;
        message = ''${name}.enable is true, but there is no daemon that collects: nix.enable is false, and services.${root}.daemon is off or only answers. Set nix.enable = true, or services.${root}.daemon.mode = "add".'';
      }
      {
        assertion = collector.isOurs || !hasOtherStore;
        message = ''${name}.enable is true, but services.${root}.daemon.mode is "answer": nothing may collect in its store. Set mode to "add" or "build".'';
      }
      {
        assertion = root == "harmonia" || !(other.enable or false);
        message = "${name}.enable and services.${otherRoot}.gc.enable are both true, but both have the unit harmonia-gc. Enable one.";
      }
    ];
    warnings =
      lib.optional cfg.noVacuum "${name}.noVacuum has no effect: the daemon rewrites its database only if most of it is free. Remove it."
      ++ lib.optional (cfg.chunkSize != null) "${name}.chunkSize has no effect: the daemon knows how many paths to delete at once. Remove it."
      ++ lib.optional (cfg.automatic && config.nix.gc.automatic or false) "${name}.automatic and nix.gc.automatic are both true: garbage is collected twice. Disable one.";
  };
}
