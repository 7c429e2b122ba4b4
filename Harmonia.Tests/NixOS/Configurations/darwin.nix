# What nix-darwin gets: a Mac downloads from a cache.
{
  imports = [ ../../../nixos-modules/darwin.nix ];
  services.harmonia-dev.client = {
    enable = true;
    url = "https://cache.example.com";
    publicKeys = [ "cache.example.com-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" ];
  };
}
