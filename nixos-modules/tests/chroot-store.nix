# A store whose files lie outside of /nix: harmonia-daemon answers from its database, and the cache serves its files.
{ pkgs, ... }:
{
  name = "harmonia-chroot-store";

  nodes = {
    server = {
      imports = [ ../. ];
      services.harmonia-dev = {
        daemon = {
          enable = true;
          dbPath = "/guest/nix/var/nix/db/db.sqlite";
          settings.real_store_dir = "/guest/nix/store";
        };
        cache = {
          enable = true;
          openFirewall = true;
          settings.real_nix_store = "/guest/nix/store";
        };
      };
      # The store is filled before the services start.
      systemd.services.test-store = {
        description = "Store of the test's cache";
        requiredBy = [ "harmonia-daemon.service" ];
        before = [
          "harmonia-daemon.service"
          "harmonia-dev.service"
        ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
        };
        script = "nix --extra-experimental-features nix-command copy --no-check-sigs --to /guest ${pkgs.hello}";
        path = [ pkgs.nix ];
      };
      system.extraDependencies = [ pkgs.hello ];
    };
    client.imports = [ ./client.nix ];
  };

  testScript = ''
    start_all()
    server.wait_for_unit("harmonia-daemon.service")
    server.wait_for_unit("harmonia-dev.socket")
    client.wait_for_unit("multi-user.target")
    client.wait_until_succeeds("curl --fail http://server:5000/ready")
    client.succeed("nix copy --no-check-sigs --from http://server:5000 --to /root/store ${pkgs.hello}")
    client.succeed("test -x /root/store${pkgs.hello}/bin/hello")
    # What is in the machine's own store only is not served.
    other = server.succeed("readlink --canonicalize /run/current-system").strip()[11:43]
    client.fail(f"curl --fail http://server:5000/{other}.narinfo")
  '';
}
