# nginx with a certificate from ACME.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  security.acme = {
    acceptTerms = true;
    defaults.email = "admin@example.com";
  };
  services.harmonia-dev.cache = {
    enable = true;
    signKeyPaths = [ "/run/secrets/harmonia-key" ];
    openFirewall = true;
    nginx = {
      enable = true;
      virtualHost = "cache.example.com";
    };
  };
}
