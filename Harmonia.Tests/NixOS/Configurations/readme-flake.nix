# The predecessor's README, "Using the flake version", and its example for a client, which can be the same machine.
{
  imports = [
    ./readme/flake.nix
    ./readme/client.nix
  ];
}
