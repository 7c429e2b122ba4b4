# What the unit of harmonia-daemon may do, by mode. It runs as root in each, because Nix' database and store are root's.
{
  lib,
  databaseDirectory,
  storeDirectory,
  stateDirectory,
  # NixOS mounts /nix/store read-only: the daemon makes it writable in a mount namespace of its own, as nix-daemon does.
  isStoreReadOnly,
}:
let
  confined = import ../hardening.nix // {
    RestrictNamespaces = true;
    LimitNOFILE = 65536;
  };
in
{
  answer = confined // {
    ProtectHome = import ../protect-home.nix { inherit lib; } storeDirectory;
    UMask = "0077";
    RestrictSUIDSGID = true;
    # SQLite's WAL and its index.
    ReadWritePaths = [ databaseDirectory ];
    ProcSubset = "pid";
    SystemCallFilter = [
      "@system-service"
      "~@privileged @resources"
    ];
  };

  add = confined // {
    UMask = "0022";
    # Roots lie anywhere: `nix-build` leaves them in homes and in /tmp. One that the daemon cannot see dangles for it, and the next
    # collection would delete what it keeps.
    ProtectHome = "read-only";
    PrivateTmp = false;
    ReadWritePaths = map (path: "-${path}") [
      storeDirectory
      stateDirectory
    ];
    # A collection sees what other users' processes use only with CAP_SYS_PTRACE. Without it, it would delete their paths.
    CapabilityBoundingSet = lib.concatStringsSep " " (
      [
        "CAP_CHOWN"
        "CAP_DAC_OVERRIDE"
        "CAP_DAC_READ_SEARCH"
        "CAP_FOWNER"
        "CAP_FSETID"
        "CAP_SYS_PTRACE"
      ]
      ++ lib.optional isStoreReadOnly "CAP_SYS_ADMIN"
    );
    RestrictNamespaces = if isStoreReadOnly then "mnt" else true;
    SystemCallFilter = [
      "@system-service"
    ]
    ++ lib.optional isStoreReadOnly "@mount"
    ++ [
      "~@clock @cpu-emulation @debug @module @obsolete @raw-io @reboot @swap @resources${
        lib.optionalString (!isStoreReadOnly) " @mount"
      }"
    ];
  };

  # Builders inherit whatever is set here.
  build = {
    UMask = "0022";
    Delegate = true;
    TasksMax = "infinity";
    OOMPolicy = "continue";
    KillMode = "mixed";
    LimitNOFILE = 1048576;
  };
}
