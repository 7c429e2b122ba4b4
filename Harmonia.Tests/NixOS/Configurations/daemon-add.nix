# A daemon that adds to the store of NixOS, which is mounted read-only, with a socket for one group.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev.daemon = {
    enable = true;
    mode = "add";
    settings = {
      min_free = "8 GiB";
      socket_mode = "0660";
    };
  };
}
