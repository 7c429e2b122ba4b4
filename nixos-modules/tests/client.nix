# A node that copies from a cache into a store of its own, and trusts nothing but what a test tells it.
{ lib, pkgs, ... }:
{
  environment.systemPackages = [
    pkgs.curl
    pkgs.jq
  ];
  nix.settings = {
    experimental-features = [ "nix-command" ];
    substituters = lib.mkForce [ ];
    trusted-public-keys = lib.mkForce [ ];
  };
}
