# The other options of NixOS that our modules and the tests' configurations touch.
{ lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  free = mkOption {
    type = types.attrsOf types.anything;
    default = { };
  };
  toggle =
    default:
    mkOption {
      type = types.bool;
      inherit default;
    };
  word =
    default:
    mkOption {
      type = types.str;
      inherit default;
    };
  strings =
    default:
    mkOption {
      type = types.listOf types.str;
      inherit default;
    };
  proxy =
    name:
    mkOption {
      type = types.submodule {
        freeformType = types.attrsOf types.anything;
        options = {
          enable = toggle false;
          user = mkOption {
            type = types.str;
            default = name;
          };
          group = mkOption {
            type = types.str;
            default = name;
          };
        };
      };
      default = { };
    };
in
{
  imports = [ ./units.nix ];

  options = {
    assertions = mkOption {
      type = types.listOf types.unspecified;
      default = [ ];
    };
    warnings = strings [ ];
    networking.firewall.allowedTCPPorts = mkOption {
      type = types.listOf types.port;
      default = [ ];
    };
    security.acme = free;
    services = {
      nginx = proxy "nginx";
      caddy = proxy "caddy";
      prometheus.scrapeConfigs = mkOption {
        type = types.listOf types.anything;
        default = [ ];
      };
    };
    programs.ssh.package = mkOption {
      type = types.package;
      default = pkgs.openssh;
    };
    nix = {
      enable = toggle true;
      package = mkOption {
        type = types.package;
        default = pkgs.nix;
      };
      envVars = free;
      gc.automatic = toggle false;
      daemonCPUSchedPolicy = word "batch";
      daemonIOSchedClass = word "best-effort";
      daemonIOSchedPriority = mkOption {
        type = types.int;
        default = 4;
      };
      settings = mkOption {
        type = types.submodule {
          freeformType = types.attrsOf types.anything;
          options = {
            allowed-users = strings [ "*" ];
            substituters = strings [ ];
            trusted-public-keys = strings [ ];
          };
        };
        default = { };
      };
    };
  };

  # What NixOS itself defines, and what our modules switch off.
  config = {
    nix.settings.substituters = lib.mkAfter [ "https://cache.nixos.org/" ];
    systemd.sockets.nix-daemon.wantedBy = [ "sockets.target" ];
    systemd.services.nix-daemon.serviceConfig.LimitNOFILE = 1048576;
  };
}
