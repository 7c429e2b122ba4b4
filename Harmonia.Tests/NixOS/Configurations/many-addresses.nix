# Several addresses, a port for other machines among them; the socket's path in both of its forms.
{ inputs, ... }:
{
  imports = [ inputs.harmonia.nixosModules.harmonia ];
  services.harmonia-dev.cache = {
    enable = true;
    openFirewall = true;
    settings = {
      bind = [
        "192.0.2.7:5000"
        "[2001:db8::7]:5001"
        "unix:/run/harmonia/socket"
        "unix:///run/other/socket"
      ];
      workers = null;
      memory.answers = "200 MiB";
    };
  };
}
