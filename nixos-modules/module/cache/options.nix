# Options of the cache that its predecessor has as well, and those for files, storage and the firewall.
{ root, unit }:
{ lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  format = pkgs.formats.toml { };
  # A string, because a path literal would be copied to the Nix store, which everybody can read.
  file =
    example: description:
    mkOption {
      type = types.nullOr types.str;
      default = null;
      inherit example description;
    };
in
{
  options.services.${root}.cache = {
    enable = lib.mkEnableOption "harmonia-cache, which serves the Nix store of this machine over HTTP";

    signKeyPath = mkOption {
      type = types.nullOr types.path;
      default = null;
      description = "Deprecated: use `signKeyPaths`. One more secret key.";
    };

    signKeyPaths = mkOption {
      type = types.listOf types.path;
      default = [ ];
      example = [ "/var/lib/secrets/harmonia.secret" ];
      description = "Files of secret keys on the machine; each key signs. Write them as strings: they are never copied to the store.";
    };

    settings = mkOption {
      type = types.submodule { freeformType = types.attrsOf (types.nullOr format.type); };
      default = { };
      example = {
        priority = 30;
        sign = "ultimate";
      };
      description = "Keys of `harmonia.toml`. null takes a default of this module away.";
    };

    credentialsFile = file "/run/secrets/harmonia-credentials" "File of the users and tokens that may read; without it, everybody may.";

    tls = {
      certificate = file "/var/lib/acme/cache.example.com/fullchain.pem" "PEM file of the certificate for TLS without a front end.";
      key = file "/var/lib/acme/cache.example.com/key.pem" "PEM file of its private key.";
      clientCa = file "/etc/harmonia/clients.pem" "PEM file of the authorities whose clients may connect; without it, everybody may.";
    };

    restartOnKeyChange = mkOption {
      type = types.bool;
      default = false;
      description = "Restart the cache when one of its keys, certificates or credentials changes. A restart refuses no connection.";
    };

    openFirewall = mkOption {
      type = types.bool;
      default = false;
      description = "Open the TCP ports in `settings.bind`, or 80 and 443 with `nginx` or `caddy`.";
    };

    narCache = {
      enable = mkOption {
        type = types.bool;
        default = false;
        description = "Keep compressed NARs in `/var/cache/${unit}`, so that downloads are smaller and can be resumed.";
      };
      maxSize = mkOption {
        type = types.str;
        default = "20 GiB";
        description = "Size of these files.";
      };
      level = mkOption {
        type = types.ints.between (-7) 19;
        default = 1;
        description = "Level of zstd.";
      };
    };
  };
}
