# The collector's service and timer. The daemon does the work: this needs its socket, and for old generations the profiles.
{ root, ... }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.gc;
  inherit (config.services.${root}) package;
  collector = import ./collector.nix { inherit root config; };

  option = name: value: lib.optionals (value != null) [
    name
    value
  ];
  arguments =
    option "--delete-older-than" cfg.deleteOlderThan
    ++ option "--ensure-free" cfg.ensureFree
    ++ option "--keep-recent" cfg.keepRecent
    ++ lib.concatMap (option "--gc-roots-dir") cfg.gcRootsDirs
    ++ cfg.extraArgs
    ++ collector.arguments;
  has = name: lib.any (lib.hasPrefix name) arguments;
  deletesGenerations = has "--delete-older-than";
  readsRoots = has "--gc-roots-dir";

  # What systemd.service(5) says of quotes, specifiers and variables.
  quote =
    argument:
    let
      escaped = builtins.replaceStrings [ "\\" "\"" "%" "$" ] [ "\\\\" "\\\"" "%%" "$$" ] argument;
    in
    "\"${escaped}\"";
in
{
  config = lib.mkIf cfg.enable {
    systemd.services.harmonia-gc = {
      description = "Garbage collection in the Nix store";
      wants = [ collector.socketUnit ];
      after = [ collector.socketUnit ];
      unitConfig.RequiresMountsFor = [
        collector.storeDirectory
        collector.stateDirectory
      ];
      # A new configuration is no reason to begin again.
      restartIfChanged = false;
      environment = collector.environment // {
        HOME = "/root";
      };

      serviceConfig = import ../hardening.nix // {
        Type = "oneshot";
        ExecStart = lib.concatStringsSep " " ([ "${package}/bin/harmonia-daemon gc" ] ++ map quote arguments);
        # All garbage is gone, and less is free than ensureFree asks for. The log says so.
        SuccessExitStatus = 3;

        # Users own generations and links, too. The first of these includes the second.
        CapabilityBoundingSet =
          if deletesGenerations then
            "CAP_DAC_OVERRIDE"
          else if readsRoots then
            "CAP_DAC_READ_SEARCH"
          else
            "";
        ReadWritePaths = lib.optionals deletesGenerations [
          "-${collector.stateDirectory}/profiles"
          "-/root/.local/state/nix/profiles"
        ];
        ProtectHome = if deletesGenerations || readsRoots then "read-only" else true;
        # A root that is not seen would be none.
        PrivateTmp = !readsRoots;

        UMask = "0077";
        RestrictSUIDSGID = true;
        RestrictNamespaces = true;
        ProcSubset = "pid";
        SystemCallFilter = [
          "@system-service"
          "~@privileged @resources"
        ];
      };
    };

    systemd.timers.harmonia-gc = lib.mkIf cfg.automatic {
      description = "Dates of garbage collections in the Nix store";
      wantedBy = [ "timers.target" ];
      timerConfig = {
        OnCalendar = cfg.dates;
        RandomizedDelaySec = cfg.randomizedDelaySec;
        Persistent = cfg.persistent;
      };
    };
  };
}
