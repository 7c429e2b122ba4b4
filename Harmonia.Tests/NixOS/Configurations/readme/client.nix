{
  nix.settings = {
    substituters = [ "https://cache.yourdomain.tld" ];
    trusted-public-keys = [ "cache.yourdomain.tld-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" ];
  };
}
