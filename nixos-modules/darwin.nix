# nix-darwin: the programs run on Linux only. A Mac can be a client of a cache.
{
  imports = [ (import ./module/client.nix { root = "harmonia-dev"; }) ];
}
