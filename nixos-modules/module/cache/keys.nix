# Secrets reach the service as credentials of systemd: their files stay readable for root only, and never enter the store.
{ root, unit }:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.${root}.cache;
  inherit (lib) mkIf optional;
  # toString of a path literal is its place; "${literal}" would copy the key to the store.
  signKeys = lib.imap0 (index: path: {
    id = "sign-key-${toString index}";
    path = toString path;
  }) (cfg.signKeyPaths ++ optional (cfg.signKeyPath != null) cfg.signKeyPath);
  single = variable: id: path: optional (path != null) { inherit variable id path; };
  others =
    single "TLS_CERT_PATH" "tls-cert" cfg.tls.certificate
    ++ single "TLS_KEY_PATH" "tls-key" cfg.tls.key
    ++ single "TLS_CLIENT_CA_PATH" "tls-ca" cfg.tls.clientCa
    ++ single "CREDENTIALS_PATH" "credentials" cfg.credentialsFile;
  all = signKeys ++ others;
in
{
  config = mkIf cfg.enable {
    systemd.services.${unit} = {
      environment = {
        SIGN_KEY_PATHS = mkIf (signKeys != [ ]) (lib.concatMapStringsSep " " (key: "%d/${key.id}") signKeys);
      }
      // lib.listToAttrs (map (one: lib.nameValuePair one.variable "%d/${one.id}") others);
      serviceConfig.LoadCredential = map (one: "${one.id}:${one.path}") all;
    };

    # A credential is a copy from the start of the service: only a restart reads the file again.
    systemd.paths."${unit}-keys" = mkIf (cfg.restartOnKeyChange && all != [ ]) {
      description = "Changes of the Harmonia binary cache's keys";
      wantedBy = [ "multi-user.target" ];
      pathConfig.PathChanged = map (one: one.path) all;
    };
    systemd.services."${unit}-keys" = mkIf (cfg.restartOnKeyChange && all != [ ]) {
      description = "Restart of the Harmonia binary cache for new keys";
      serviceConfig = {
        Type = "oneshot";
        ExecStart = "${pkgs.systemd}/bin/systemctl try-restart ${unit}.service";
      };
    };
  };
}
