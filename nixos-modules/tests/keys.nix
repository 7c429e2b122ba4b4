# A node with a pair of keys outside of the Nix store, made before the cache starts.
{ config, ... }:
{
  systemd.services.test-keys = {
    description = "Keys of the test's cache";
    requiredBy = [ "harmonia-dev.service" ];
    before = [ "harmonia-dev.service" ];
    path = [ config.nix.package ];
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
    };
    script = ''
      mkdir -p /var/lib/secrets
      for name in old new; do
        [ -e "/var/lib/secrets/$name" ] ||
          nix-store --generate-binary-cache-key "$name-1" "/var/lib/secrets/$name" "/var/lib/secrets/$name.pub"
      done
    '';
  };
}
