# Packages as values without contents: each has a path, a name and what it was made from.
{
  lib,
  system ? "x86_64-linux",
}:
let
  # A path of a store that nobody has; the name tells packages apart.
  package =
    name: attributes:
    {
      type = "derivation";
      inherit name;
      pname = name;
      version = "0";
      inherit system;
      outPath = "/nix/store/00000000000000000000000000000000-${name}";
      meta.mainProgram = name;
    }
    // attributes;


  toml =
    let
      value = lib.types.oneOf [
        lib.types.bool
        lib.types.int
        lib.types.float
        lib.types.str
        lib.types.path
        (lib.types.attrsOf value)
        (lib.types.listOf value)
      ] // { description = "TOML value"; };
    in
    {
      type = value;
      generate = name: settings: package name { text = import ./toml.nix { inherit lib; } settings; };
    };

  pkgs = lib.genAttrs [
    "bash"
    "coreutils"
    "curl"
    "hello"
    "mandoc"
    "nginx"
    "nix"
    "nixfmt"
    "nixfmt-tree"
    "openssh"
    "openssl"
    "sqlite"
    "systemd"
  ] (name: package name { }) // {
    inherit lib package;
    stdenv = {
      cc = package "gcc-wrapper" { };
      hostPlatform = { inherit system; };
      buildPlatform.canExecute = _: true;
    };
    dotnetCorePackages.sdk_10_0 = package "dotnet-sdk" { };
    buildDotnetModule = arguments: package arguments.pname (arguments // { inherit arguments; meta = arguments.meta; });
    formats.toml = _: toml;
    mkShell = arguments: package "shell" { inherit arguments; };
    runCommand = name: environment: script: package name (environment // { inherit script; });
    runCommandLocal = pkgs.runCommand;
    linkFarm = name: entries: package name { inherit entries; };
    writeText = name: text: package name { inherit text; };
    testers.runNixOSTest = test: package "vm-test-run" { inherit test; };
    callPackage =
      file: overrides:
      let
        function = if builtins.isPath file then import file else file;
      in
      function (builtins.intersectAttrs (builtins.functionArgs function) (pkgs // { inherit pkgs lib; }) // overrides);
  };
in
pkgs
