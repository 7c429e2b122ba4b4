# harmonia-cache: its options, its units, and the helpers around it.
place: {
  imports = map (file: import file place) [
    ./options.nix
    ./settings.nix
    ./socket.nix
    ./service.nix
    ./keys.nix
    ./metrics.nix
    ./nginx.nix
    ./caddy.nix
    ./checks.nix
  ];
}
