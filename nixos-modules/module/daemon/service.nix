# The daemon's socket and service. Both modules of Harmonia name them harmonia-daemon, as their predecessors do.
{ root, ... }:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.${root}.daemon;
  inherit (config.services.${root}) package;
  inherit (cfg) settings;
  settingsFile = import ../settings-file.nix { inherit lib pkgs; };
  storeDirectory = settings.real_store_dir or settings.store_dir;
  databaseDirectory = builtins.dirOf settings.db_path;
  profiles = import ./profiles.nix {
    inherit lib databaseDirectory storeDirectory;
    stateDirectory = settings.state_dir or "/nix/var/nix";
    isStoreReadOnly = storeDirectory == "/nix/store";
  };
  isBuilding = cfg.mode == "build";
in
{
  config = lib.mkIf cfg.enable {
    systemd.sockets.harmonia-daemon = {
      description = "Socket of harmonia-daemon";
      wantedBy = [ "sockets.target" ];
      socketConfig = {
        ListenStream = [ settings.socket_path ];
        SocketMode = settings.socket_mode or "0666";
        RemoveOnStop = true;
        Backlog = 4096;
      };
    };

    systemd.services.harmonia-daemon = {
      description = "Harmonia store daemon";
      wantedBy = [ "multi-user.target" ];
      requires = [ "harmonia-daemon.socket" ];
      after = [ "harmonia-daemon.socket" ];
      unitConfig.RequiresMountsFor = [
        storeDirectory
        databaseDirectory
      ];
      startLimitIntervalSec = 0;
      # Clients wait at the socket while the new version starts.
      stopIfChanged = false;
      # The daemon reads nix.conf at its start.
      restartTriggers = [ (config.environment.etc."nix/nix.conf".source or "") ];

      # What builds finds its programs and certificates as it does below nix-daemon.
      path = lib.optionals isBuilding [
        config.nix.package
        config.programs.ssh.package
      ];
      environment = lib.optionalAttrs isBuilding (
        config.nix.envVars // { CURL_CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"; }
      )
      // lib.optionalAttrs (cfg.mode == "add") {
        # /tmp is read-only, and SQLite needs a place for rewriting a database.
        SQLITE_TMPDIR = databaseDirectory;
      }
      // {
        HARMONIA_DAEMON_CONFIG = settingsFile {
          inherit package settings;
          program = "harmonia-daemon";
          name = "harmonia-daemon.toml";
        };
      };

      serviceConfig = profiles.${cfg.mode} // {
        Type = "notify";
        ExecStart = "${package}/bin/harmonia-daemon";
        WatchdogSec = 30;
        Restart = "on-failure";
        RestartSec = 2;
        # Requests under way get 30 s.
        TimeoutStopSec = 40;
      }
      // lib.optionalAttrs isBuilding {
        CPUSchedulingPolicy = config.nix.daemonCPUSchedPolicy;
        IOSchedulingClass = config.nix.daemonIOSchedClass;
        IOSchedulingPriority = config.nix.daemonIOSchedPriority;
      };
    };
  };
}
