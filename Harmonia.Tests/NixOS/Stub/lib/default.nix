# The part of nixpkgs' lib that our modules and their tests use, written from its documentation.
# ../README.md says what it leaves out.
let
  lib =
    import ./values.nix
    // import ./options.nix { inherit lib; }
    // import ./modules.nix { inherit lib; }
    // {
      types = import ./types.nix { inherit lib; };
    };
in
lib
