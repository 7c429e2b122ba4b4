{
  description = "Harmonia: a binary cache and a store daemon for Nix";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      linux = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      # The programs run on Linux. On a Mac, the shell and the formatter work, and it can be a client of a cache.
      everywhere = linux ++ [ "aarch64-darwin" ];
      forEach = systems: f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEach linux (pkgs: rec {
        harmonia = pkgs.callPackage ./nixos-modules/package { revision = self.shortRev or null; };
        default = harmonia;
      });

      overlays.default = import ./nixos-modules/overlay.nix;

      nixosModules = {
        harmonia = ./nixos-modules;
        default = ./nixos-modules;
        harmonia-replacement = ./nixos-modules/replacement.nix;
      };

      darwinModules = {
        harmonia = ./nixos-modules/darwin.nix;
        default = ./nixos-modules/darwin.nix;
      };

      devShells = forEach everywhere (pkgs: {
        default = import ./nixos-modules/shell.nix { inherit pkgs; };
      });

      formatter = forEach everywhere (pkgs: pkgs.nixfmt-tree);

      checks = forEach linux (
        pkgs:
        import ./nixos-modules/tests { inherit pkgs; }
        // {
          inherit (self.packages.${pkgs.stdenv.hostPlatform.system}) harmonia;
          shell = self.devShells.${pkgs.stdenv.hostPlatform.system}.default;
          format = pkgs.runCommandLocal "harmonia-format" { nativeBuildInputs = [ pkgs.nixfmt ]; } ''
            nixfmt --check ${./flake.nix} $(find ${./nixos-modules} -name '*.nix')
            touch "$out"
          '';
        }
      );
    };
}
