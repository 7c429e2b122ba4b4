# harmonia-daemon: its options, its units, and the replacement of nix-daemon.
place: {
  imports = map (file: import file place) [
    ./options.nix
    ./settings.nix
    ./service.nix
    ./replace-nix-daemon.nix
    ./checks.nix
  ];
}
