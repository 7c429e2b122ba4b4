# Evaluates one configuration over the stub, or over another lib of the same kind, and returns what a golden file keeps.
{
  name,
  lib ? import ./lib,
}:
let
  pkgs = import ./system/pkgs.nix { inherit lib; };
  evaluated = lib.evalModules {
    modules = [
      ./system/options.nix
      ../Configurations/${name}.nix
    ];
    specialArgs = {
      modulesPath = "/modules";
      # What a user's flake hands to its modules.
      inputs.harmonia.nixosModules = {
        harmonia = ../../../nixos-modules;
        harmonia-replacement = ../../../nixos-modules/replacement.nix;
      };
      inherit pkgs;
    };
  };
  inherit (evaluated) config;
  render = import ./system/render.nix { inherit lib; };
  failed = lib.filter (one: !one.assertion) config.assertions;

  # The TOML file that a unit's variable names, checked or not.
  toml =
    unit: variable:
    let
      file = config.systemd.services.${unit}.environment.${variable} or null;
    in
    if file == null then null else (file.toml or file).text;
  cacheUnits = lib.filter (unit: config.systemd.services ? ${unit}) [
    "harmonia"
    "harmonia-dev"
  ];
  settings =
    lib.listToAttrs (map (unit: lib.nameValuePair "${unit}.toml" (toml unit "CONFIG_FILE")) cacheUnits)
    // lib.optionalAttrs (config.systemd.services ? harmonia-daemon) {
      "harmonia-daemon.toml" = toml "harmonia-daemon" "HARMONIA_DAEMON_CONFIG";
    };

  # The rest of the system that the modules change.
  system = {
    inherit (config) warnings;
    failedAssertions = map (one: one.message) failed;
    openPorts = config.networking.firewall.allowedTCPPorts;
    nixSettings = config.nix.settings;
    inherit (config.services.prometheus) scrapeConfigs;
    nginx = lib.optionalAttrs config.services.nginx.enable config.services.nginx;
    caddy = lib.optionalAttrs config.services.caddy.enable config.services.caddy;
  };
in
{
  # NixOS' own units count only where our modules change them.
  units = lib.filterAttrs (name: text: !lib.hasPrefix "nix-daemon." name || text == "masked\n") (render config.systemd);
  inherit settings system;
}
