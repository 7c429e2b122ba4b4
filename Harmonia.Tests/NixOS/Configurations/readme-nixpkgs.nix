# The predecessor's README, "Using NixOS stable (from nixpkgs)", with our module in place of that of NixOS.
{ inputs, ... }:
{
  imports = [
    inputs.harmonia.nixosModules.harmonia-replacement
    ./readme/nixpkgs.nix
  ];
}
