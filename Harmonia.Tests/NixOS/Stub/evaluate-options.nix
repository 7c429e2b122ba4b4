# The options of services.harmonia-dev, for the table in docs/nixos.md.
let
  lib = import ./lib;
  pkgs = import ./system/pkgs.nix { inherit lib; };
  evaluated = lib.evalModules {
    modules = [
      ./system/options.nix
      ../../../nixos-modules
    ];
    specialArgs = {
      modulesPath = "/modules";
      inherit pkgs;
    };
  };
  word =
    value:
    if value == [ ] then
      "[ ]"
    else if value == { } then
      "{ }"
    else if builtins.isList value then
      "[ ${lib.concatMapStringsSep " " builtins.toJSON value} ]"
    else
      builtins.toJSON value;
  describe = option: {
    # Below services.harmonia-dev.
    name = lib.concatStringsSep "." (builtins.tail (builtins.tail option.location));
    type = if option.type ? submodules then "table of TOML" else option.type.description;
    default = if option ? defaultText then option.defaultText.text else if option ? default then word option.default else "none";
    description = builtins.replaceStrings [ "\n" ] [ " " ] (lib.removeSuffix "\n" option.description);
  };
  collect =
    tree:
    if lib.isOption tree then
      lib.optional (tree.visible or true) (describe tree)
    else
      lib.concatMap collect (lib.attrValues tree);
in
collect evaluated.options.services.harmonia-dev
