# What the evaluation reports of the daemon.
{ root, ... }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.daemon;
  name = "services.${root}.daemon";
  otherRoot = if root == "harmonia" then "harmonia-dev" else "harmonia";
  other = config.services.${otherRoot}.daemon or { };
  isAbsolute = option: {
    assertion = lib.hasPrefix "/" cfg.${option};
    message = "${name}.${option} is ${cfg.${option}}, which is no absolute path. Write one that begins with /.";
  };
in
{
  config = lib.mkIf cfg.enable {
    assertions =
      map isAbsolute [
        "socketPath"
        "storeDir"
        "dbPath"
      ]
      ++ [
        {
          assertion = !cfg.replaceNixDaemon || cfg.mode != "answer";
          message = ''${name}.replaceNixDaemon is true, but ${name}.mode is "answer": nothing could be added to the store. Set mode to "build", or to "add" where nothing is built.'';
        }
        {
          assertion = !cfg.replaceNixDaemon || config.nix.enable;
          message = "${name}.replaceNixDaemon is true, but nix.enable is false: there is no nix.conf for the daemon to read. Set nix.enable = true.";
        }
        {
          assertion = root == "harmonia" || !(other.enable or false);
          message = "${name}.enable and services.${otherRoot}.daemon.enable are both true, but both have the unit harmonia-daemon. Enable one.";
        }
      ];
  };
}
