# What the evaluation reports: each message names the option, its value, and what to write instead.
{ root, unit }:
{ config, lib, ... }:
let
  services = config.services;
  cfg = services.${root}.cache;
  name = "services.${root}.cache";
  addresses = import ../addresses.nix { inherit lib; };
  bind = lib.toList cfg.settings.bind;
  listening = bind ++ lib.optional (cfg.metrics.bind != null) cfg.metrics.bind;
  # The other module may be ours, or the one that NixOS has.
  other = services.${if root == "harmonia" then "harmonia-dev" else "harmonia"}.cache or { };
  taken = lib.optionals (other.enable or false) (lib.toList (other.settings.bind or [ ]));
  twice = lib.filter (
    address: lib.length (lib.filter (one: one == address) (listening ++ taken)) > 1
  ) (lib.unique listening);
  unusable = lib.filter (address: !addresses.isUsable address) listening;

  narDirectory = cfg.settings.nar_cache.directory or null;
  isDynamic = config.systemd.services.${unit}.serviceConfig.DynamicUser or false;
  isInStore = path: path != null && lib.hasPrefix "${builtins.storeDir}/" (toString path);
  allowed = config.nix.settings.allowed-users or [ "*" ];
  signKeys = cfg.signKeyPaths ++ lib.optional (cfg.signKeyPath != null) cfg.signKeyPath;
  secrets = lib.filterAttrs (_: isInStore) {
    "tls.key" = cfg.tls.key;
    inherit (cfg) credentialsFile;
    "nginx.key" = cfg.nginx.key;
    "caddy.key" = cfg.caddy.key;
  };
  proxies = lib.filter (proxy: cfg.${proxy}.enable) [
    "nginx"
    "caddy"
  ];
  pair = option: set: {
    assertion = (set.certificate == null) == (set.key == null);
    message = "${name}.${option}.certificate and ${name}.${option}.key belong together: set both, or neither.";
  };
in
{
  config = lib.mkIf cfg.enable {
    assertions = [
      (pair "tls" cfg.tls)
      (pair "nginx" cfg.nginx)
      (pair "caddy" cfg.caddy)
      {
        assertion = twice == [ ];
        message = "${name}: ${toString twice} is used twice, among settings.bind, metrics.bind and the other module of Harmonia. Give each its own address.";
      }
      {
        assertion = unusable == [ ];
        message = "${name}: systemd cannot listen on ${toString unusable}. Write an address with a port, such as 127.0.0.1:5000 or [::]:5000, or unix:/PATH.";
      }
      {
        assertion = narDirectory == null || !isDynamic || lib.hasPrefix "/var/cache/${unit}/" "${narDirectory}/";
        message = ''
          ${name}.settings.nar_cache.directory is ${toString narDirectory}, but the service's dynamic user can own files below /var/cache/${unit} only.
          Leave it out, or set systemd.services.${unit}.serviceConfig.DynamicUser = lib.mkForce false and declare users.users.harmonia.
        '';
      }
      {
        assertion = secrets == { };
        message = "${name}: ${toString (lib.attrNames secrets)} names a file in the Nix store, which everybody can read. Write the path of a file outside of it, as a string.";
      }
      {
        assertion = lib.length proxies < 2;
        message = "${name}: nginx.enable and caddy.enable are both set, but the socket has one group. Choose one.";
      }
      {
        assertion = proxies == [ ] || lib.any addresses.isUnix bind;
        message = "${name}: ${toString proxies}.enable needs a Unix socket in settings.bind, which is ${toString bind}. Leave bind out, or add unix:/run/${unit}/http.sock.";
      }
      {
        assertion = !cfg.metrics.scrape || (cfg.metrics.bind != null && !addresses.isUnix cfg.metrics.bind);
        message = "${name}.metrics.scrape needs ${name}.metrics.bind with a TCP port, such as 127.0.0.1:5001.";
      }
    ];

    warnings =
      lib.optional (
        cfg.signKeyPath != null
      ) "`${name}.signKeyPath` is deprecated, use `${name}.signKeyPaths` instead"
      ++ map (
        path: "`${name}.signKeyPaths`: ${toString path} is in the Nix store, which everybody can read. Keep the key outside of it, and write its path as a string."
      ) (lib.filter isInStore signKeys)
      ++ map (
        path: "`${name}.signKeyPaths`: ${toString path} is a path literal. The key is not copied to the store, so the machine needs this very file: write its path as a string."
      ) (lib.filter (path: builtins.isPath path && !isInStore path) signKeys)
      ++ lib.optional (
        cfg.settings ? nix_db_path
      ) "`${name}.settings.nix_db_path` has no effect: the cache asks a daemon. Remove it."
      ++
        lib.optional
          (
            !services.${root}.daemon.enable
            && !lib.any (user: lib.elem user allowed) [
              "*"
              "harmonia"
              "@harmonia"
            ]
          )
          "`${name}` asks nix-daemon, but `nix.settings.allowed-users` (${toString allowed}) has no harmonia. Add it, or enable `services.${root}.daemon`.";
  };
}
