# The flat names below services.harmonia-dev, before they moved to cache.*.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev = {
    enable = true;
    signKeyPaths = [ "/run/secrets/harmonia-key" ];
    settings = {
      workers = 20;
      tls_cert_path = "/var/lib/secrets/cert.pem";
      tls_key_path = "/var/lib/secrets/key.pem";
    };
  };
}
