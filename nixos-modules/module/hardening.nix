# Directives that every unit without builders has. Builders would inherit them and could do less than with nix-daemon.
{
  CapabilityBoundingSet = "";
  AmbientCapabilities = "";
  NoNewPrivileges = true;
  KeyringMode = "private";
  RemoveIPC = true;

  ProtectSystem = "strict";
  PrivateTmp = true;
  PrivateMounts = true;
  PrivateDevices = true;
  PrivateIPC = true;
  DevicePolicy = "closed";
  ProtectProc = "invisible";
  ProtectKernelTunables = true;
  ProtectKernelModules = true;
  ProtectKernelLogs = true;
  ProtectControlGroups = true;
  ProtectClock = true;
  ProtectHostname = true;

  # Native code: nothing is compiled at run time.
  MemoryDenyWriteExecute = true;
  LockPersonality = true;
  RestrictRealtime = true;
  SystemCallArchitectures = "native";
  SystemCallErrorNumber = "EPERM";

  # Sockets come from systemd; accepting on them is exempt from all three.
  PrivateNetwork = true;
  RestrictAddressFamilies = "AF_UNIX";
  IPAddressDeny = "any";
}
