# nginx before the cache: it ends TLS, and passes NARs on as they come.
{ root, unit }:
{ config, lib, ... }:
let
  cfg = config.services.${root}.cache;
  proxy = cfg.nginx;
  addresses = import ../addresses.nix { inherit lib; };
  socket = lib.findFirst addresses.isUnix "unix:/run/${unit}/http.sock" (lib.toList cfg.settings.bind);
in
{
  options.services.${root}.cache.nginx = import ./proxy-options.nix { inherit lib; } "nginx";

  config = lib.mkIf (cfg.enable && proxy.enable) {
    services.nginx = {
      enable = true;
      upstreams.${unit} = {
        servers."unix:${addresses.unixPath socket}" = { };
        extraConfig = "keepalive 64;";
      };
      virtualHosts.${proxy.virtualHost} = {
        forceSSL = lib.mkDefault true;
        enableACME = lib.mkIf (proxy.certificate == null) (lib.mkDefault true);
        sslCertificate = lib.mkIf (proxy.certificate != null) proxy.certificate;
        sslCertificateKey = lib.mkIf (proxy.key != null) proxy.key;
        # Nix asks for thousands of narinfos over one connection. One that is cut after so many requests ends in the middle of a NAR.
        extraConfig = ''
          keepalive_requests 100000;
          keepalive_timeout 5m;
        '';
        locations = {
          "/" = {
            proxyPass = "http://${unit}";
            # Our headers, not those of NixOS: its $host lacks the port.
            recommendedProxySettings = false;
            # A NAR goes through as fast as the client takes it. One that nginx compresses cannot be resumed.
            extraConfig = ''
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_buffering off;
              proxy_read_timeout 10m;
              proxy_send_timeout 10m;
              gzip off;
            '';
          };
          "= /metrics".return = "404";
        };
      };
    };
  };
}
