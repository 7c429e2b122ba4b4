# What work on Harmonia needs: the SDK, a linker, and the programs that its tests run.
{
  pkgs ? import <nixpkgs> { },
}:
pkgs.mkShell {
  packages = [
    pkgs.dotnetCorePackages.sdk_10_0
    pkgs.curl
    pkgs.mandoc
    pkgs.nginx
    pkgs.nix
    pkgs.nixfmt-tree
    pkgs.openssl
    pkgs.sqlite
    pkgs.stdenv.cc
  ];

  # Opened by its name at run time.
  LD_LIBRARY_PATH = pkgs.lib.makeLibraryPath [ pkgs.openssl ];
  DOTNET_CLI_TELEMETRY_OPTOUT = "1";
  DOTNET_NOLOGO = "1";
}
