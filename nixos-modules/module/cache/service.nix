# The service: a dynamic user without network, who can read the store and connect to a daemon.
{ root, unit }:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.${root}.cache;
  inherit (config.services.${root}) daemon package;
  settingsFile = import ../settings-file.nix { inherit lib pkgs; };
  store = cfg.settings.real_nix_store or cfg.settings.virtual_nix_store or "/nix/store";
  narDirectory = cfg.settings.nar_cache.directory or null;
  ownDirectory = "/var/cache/${unit}";
  isElsewhere = narDirectory != null && !lib.hasPrefix "${ownDirectory}/" "${narDirectory}/";
  dependency = if daemon.enable then "harmonia-daemon.socket" else "nix-daemon.socket";
in
{
  config = lib.mkIf cfg.enable {
    systemd.services.${unit} = {
      description = "Harmonia binary cache";
      wantedBy = [ "multi-user.target" ];
      requires = [ "${unit}.socket" ];
      # Without the daemon the cache answers 503 and recovers by itself: it is never stopped with the daemon.
      wants = lib.optional daemon.enable dependency;
      after = [
        "${unit}.socket"
        dependency
      ];
      unitConfig.RequiresMountsFor = [ store ] ++ lib.optional isElsewhere narDirectory;
      startLimitIntervalSec = 0;
      # The socket goes on accepting while the new version starts.
      stopIfChanged = false;

      environment = {
        CONFIG_FILE = settingsFile {
          inherit package;
          inherit (cfg) settings;
          program = "harmonia-cache";
          name = "harmonia.toml";
        };
        # .NET looks for certificates in a home, which a dynamic user does not have.
        HOME = ownDirectory;
      };

      serviceConfig = import ../hardening.nix // {
        Type = "notify";
        ExecStart = "${package}/bin/harmonia-cache";
        ExecReload = "${pkgs.coreutils}/bin/kill -HUP $MAINPID";
        WatchdogSec = 15;
        Restart = "on-failure";
        RestartSec = 2;
        # Requests under way get 30 s.
        TimeoutStopSec = 40;
        LimitNOFILE = 65536;

        User = "harmonia";
        Group = "harmonia";
        DynamicUser = true;
        PrivateUsers = true;
        UMask = "0077";
        # No RuntimeDirectory: systemd's sockets may lie in /run/harmonia, and it would go away, or move, with the service.
        CacheDirectory = unit;
        CacheDirectoryMode = "0700";
        ReadWritePaths = lib.optional isElsewhere narDirectory;

        RestrictSUIDSGID = true;
        RestrictNamespaces = true;
        ProtectHome = import ../protect-home.nix { inherit lib; } store;
        ProcSubset = "pid";
        SystemCallFilter = [
          "@system-service"
          "~@privileged @resources"
        ];
      };
    };
  };
}
