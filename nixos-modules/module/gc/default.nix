# harmonia-gc: its options, its units, and what the evaluation reports of it.
place: {
  imports = map (file: import file place) [
    ./options.nix
    ./service.nix
    ./checks.nix
  ];
}
