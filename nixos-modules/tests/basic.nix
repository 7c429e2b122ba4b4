# The socket listens before the service runs, and the first request starts it.
{ pkgs, ... }:
let
  site = pkgs.runCommandLocal "site" { } ''
    mkdir -p "$out/folder"
    echo "a page" > "$out/index.html"
    echo "an umlaut" > "$out/folder/ä.txt"
    echo "no UTF-8" > "$out/folder/$(printf '\377')"
  '';
in
{
  name = "harmonia-basic";

  nodes = {
    server = {
      imports = [ ../. ];
      services.harmonia-dev = {
        daemon.enable = true;
        cache = {
          enable = true;
          openFirewall = true;
        };
      };
      system.extraDependencies = [
        pkgs.hello
        site
      ];
    };
    client.imports = [ ./client.nix ];
  };

  testScript = ''
    start_all()
    server.wait_for_unit("harmonia-dev.socket")
    server.wait_for_unit("harmonia-daemon.socket")
    client.wait_for_unit("multi-user.target")

    cache = "http://server:5000"
    client.wait_until_succeeds(f"curl --fail {cache}/nix-cache-info | grep 'Priority: 50'")
    server.wait_for_unit("harmonia-dev.service")
    server.wait_for_unit("harmonia-daemon.service")

    client.succeed(f"nix copy --no-check-sigs --from {cache} --to /root/store ${pkgs.hello}")
    client.succeed("test -x /root/store${pkgs.hello}/bin/hello")

    hash = "${builtins.substring 11 32 site.outPath}"
    client.succeed(f"curl --fail {cache}/{hash}.ls | jq --exit-status '.version == 1'")
    client.succeed(f"curl --fail {cache}/serve/{hash}/ | grep 'a page'")
    client.succeed(f"curl --fail {cache}/serve/{hash}/folder/%C3%A4.txt | grep 'an umlaut'")
    client.succeed(f"curl --fail {cache}/serve/{hash}/folder/%FF | grep 'no UTF-8'")
    client.fail(f"curl --fail {cache}/00000000000000000000000000000000.narinfo")

    with subtest("the service is confined"):
        pid = server.succeed("systemctl show --value --property MainPID harmonia-dev.service").strip()
        status = server.succeed(f"cat /proc/{pid}/status")
        assert "NoNewPrivs:\t1" in status, status
        assert "CapBnd:\t0000000000000000" in status, status
        assert "Seccomp:\t2" in status, status
  '';
}
