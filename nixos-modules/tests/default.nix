# Virtual machines that use the modules, and an evaluation of every example over the real NixOS.
{ pkgs }:
let
  inherit (pkgs) lib;
  machines = lib.genAttrs [
    "basic"
    "chroot-store"
    "daemon"
    "gc"
    "metrics"
    "nginx"
    "replace-nix-daemon"
    "resume"
    "signing"
    "socket-activation"
    "tls-private"
    "upgrade"
  ] (name: pkgs.testers.runNixOSTest (./. + "/${name}.nix"));
in
lib.mapAttrs' (name: lib.nameValuePair "vm-${name}") machines
// {
  evaluation = import ./evaluation.nix { inherit pkgs; };
}
