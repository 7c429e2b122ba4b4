# A unit as the text of its file, in the form that NixOS gives it: lists as repeated lines, sections and keys sorted.
{ lib }:
let
  word = value: if value == true then "true" else if value == false then "false" else toString value;
  line = name: value: lib.concatMapStrings (one: "${name}=${word one}\n") (lib.toList value);
  section =
    name: directives:
    let
      given = lib.filterAttrs (_: value: value != null && value != [ ]) directives;
    in
    lib.optionalString (given != { }) "\n[${name}]\n${lib.concatStrings (lib.mapAttrsToList line given)}";
  joined = list: lib.optionals (list != [ ]) [ (lib.concatStringsSep " " list) ];

  environment =
    unit:
    lib.mapAttrsToList (name: value: "${builtins.toJSON "${name}=${toString value}"}") (
      lib.filterAttrs (_: value: value != null) (
        unit.environment
        // lib.optionalAttrs (unit.path != [ ]) { PATH = lib.concatMapStringsSep ":" (package: "${package}/bin") unit.path; }
      )
    );

  common =
    unit:
    section "Unit" (
      {
        Description = lib.optionals (unit.description != "") [ unit.description ];
        After = joined unit.after;
        Before = joined unit.before;
        BindsTo = joined unit.bindsTo;
        Conflicts = joined unit.conflicts;
        PartOf = joined unit.partOf;
        Requires = joined unit.requires;
        StartLimitIntervalSec = unit.startLimitIntervalSec;
        StartLimitBurst = unit.startLimitBurst;
        Wants = joined unit.wants;
      }
      // unit.unitConfig
    );
  install =
    unit:
    section "Install" {
      RequiredBy = joined unit.requiredBy;
      WantedBy = joined unit.wantedBy;
    };
  # NixOS replaces a unit that is not enabled by a link to /dev/null, which masks it.
  file =
    own: unit:
    if unit.enable then lib.removePrefix "\n" (common unit + own unit + install unit) else "masked\n";

  kinds = systemd: {
    service = {
      units = systemd.services;
      own =
        unit:
        section "Service" (
          {
            Environment = environment unit;
            X-RestartIfChanged = if unit.restartIfChanged then null else false;
            X-StopIfChanged = if unit.stopIfChanged then null else false;
          }
          // unit.serviceConfig
        );
    };
    socket = {
      units = systemd.sockets;
      own = unit: section "Socket" unit.socketConfig;
    };
    path = {
      units = systemd.paths;
      own = unit: section "Path" unit.pathConfig;
    };
    timer = {
      units = systemd.timers;
      own = unit: section "Timer" unit.timerConfig;
    };
  };
in
systemd:
builtins.foldl' (all: some: all // some) { } (
  lib.mapAttrsToList (
    kind: { units, own }: lib.mapAttrs' (name: unit: lib.nameValuePair "${name}.${kind}" (file own unit)) units
  ) (kinds systemd)
)
