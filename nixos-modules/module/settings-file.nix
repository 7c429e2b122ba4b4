# The file of settings for one of the programs. Building it lets the program check it, so that `nixos-rebuild` reports every
# mistake before anything is restarted.
{ lib, pkgs }:
{
  package,
  program,
  name,
  settings,
}:
let
  # null takes a default away; TOML has no word for it.
  withoutNull =
    value:
    if builtins.isAttrs value && !lib.isDerivation value then
      lib.mapAttrs (_: withoutNull) (lib.filterAttrs (_: inner: inner != null) value)
    else
      value;
  toml = (pkgs.formats.toml { }).generate name (withoutNull settings);
in
if pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform then
  pkgs.runCommandLocal name { inherit toml; } ''
    ${package}/bin/${program} --config "$toml" --check-config --skip-missing-files
    cp "$toml" "$out"
  ''
else
  toml
