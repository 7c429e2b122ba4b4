# Stands in for nixpkgs where the repository's flake is evaluated.
{
  outputs = _: {
    lib = import ./lib;
    legacyPackages =
      let
        lib = import ./lib;
      in
      lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ] (system: import ./system/pkgs.nix { inherit lib system; });
  };
}
