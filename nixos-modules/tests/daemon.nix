# The cache asks harmonia-daemon, whatever order they start in, and goes on without the system's nix-daemon.
{ pkgs, ... }:
{
  name = "harmonia-daemon";

  nodes = {
    server = {
      imports = [ ../. ];
      services.harmonia-dev = {
        daemon = {
          enable = true;
          mode = "add";
        };
        cache = {
          enable = true;
          openFirewall = true;
        };
      };
      nix.settings.experimental-features = [ "nix-command" ];
      system.extraDependencies = [ pkgs.hello ];
    };
    client.imports = [ ./client.nix ];
  };

  testScript = ''
    start_all()
    server.wait_for_unit("harmonia-dev.socket")
    client.wait_for_unit("multi-user.target")
    server.succeed("systemctl stop nix-daemon.socket nix-daemon.service")
    client.wait_until_succeeds("curl --fail http://server:5000/ready")

    with subtest("the daemon restarts below the cache"):
        server.succeed("systemctl restart harmonia-daemon.service")
        client.wait_until_succeeds("curl --fail http://server:5000/ready")
        client.succeed("nix copy --no-check-sigs --from http://server:5000 --to /root/store ${pkgs.hello}")

    with subtest("it adds to the store, which stays read-only for everybody else"):
        server.succeed("echo added > /tmp/added")
        path = server.succeed("NIX_REMOTE=unix:///run/harmonia-daemon/socket nix-store --add /tmp/added").strip()
        client.wait_until_succeeds(f"curl --fail http://server:5000/{path[11:43]}.narinfo")
        server.fail("touch /nix/store/outside")

    with subtest("a collection keeps what roots in homes and in /tmp, and running programs, use"):
        server.succeed(
            "mkdir -p /home/alice",
            f"NIX_REMOTE=unix:///run/harmonia-daemon/socket nix-store --realise --add-root /home/alice/result {path}",
            "echo other > /tmp/other",
        )
        other = server.succeed("NIX_REMOTE=unix:///run/harmonia-daemon/socket nix-store --add /tmp/other").strip()
        server.succeed(f"NIX_REMOTE=unix:///run/harmonia-daemon/socket nix-store --realise --add-root /tmp/result {other}")
        server.succeed("NIX_REMOTE=unix:///run/harmonia-daemon/socket nix-store --gc")
        server.succeed(f"test -e {path}", f"test -e {other}", "test -h /home/alice/result")
        server.succeed("rm /tmp/result", "NIX_REMOTE=unix:///run/harmonia-daemon/socket nix-store --gc")
        server.succeed(f"test -e {path}", f"test ! -e {other}")
  '';
}
