# TLS without a front end, clients with certificates, users with passwords, and keys that are replaced now and then.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev.cache = {
    enable = true;
    openFirewall = true;
    signKeyPaths = [ "/run/secrets/harmonia-key" ];
    credentialsFile = "/run/secrets/harmonia-credentials";
    tls = {
      certificate = "/var/lib/acme/cache.example.com/fullchain.pem";
      key = "/var/lib/acme/cache.example.com/key.pem";
      clientCa = "/etc/harmonia/clients.pem";
    };
    restartOnKeyChange = true;
    settings.bind = "[::]:443";
  };
}
