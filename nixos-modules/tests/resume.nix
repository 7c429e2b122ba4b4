# A download that breaks goes on where it stopped, and neither a restart nor a kill of the cache makes a copy fail.
{ pkgs, ... }:
let
  large = pkgs.runCommandLocal "large" { } ''
    mkdir "$out"
    ${pkgs.openssl}/bin/openssl rand -out "$out/random" 100000000
  '';
in
{
  name = "harmonia-resume";

  nodes = {
    server = {
      imports = [ ../. ];
      services.harmonia-dev.cache = {
        enable = true;
        openFirewall = true;
        narCache.enable = true;
      };
      system.extraDependencies = [ large ];
    };
    client.imports = [ ./client.nix ];
  };

  testScript = ''
    start_all()
    server.wait_for_unit("harmonia-dev.socket")
    client.wait_for_unit("multi-user.target")
    hash = "${builtins.substring 11 32 large.outPath}"
    client.wait_until_succeeds(f"curl --fail http://server:5000/{hash}.narinfo")

    with subtest("a range is a part of the whole"):
        url = client.succeed(f"curl --fail http://server:5000/{hash}.narinfo | sed --quiet 's/^URL: //p'").strip()
        client.succeed(f"curl --fail --output /root/whole http://server:5000/{url}")
        client.succeed("head --bytes 50000000 /root/whole > /root/part")
        client.succeed(f"curl --fail --continue-at - --output /root/part http://server:5000/{url}")
        client.succeed("cmp /root/whole /root/part")

    with subtest("copies survive restarts"):
        server.succeed(
            "systemd-run --unit restarting sh -c 'while sleep 1; do systemctl kill --signal KILL harmonia-dev.service; done'"
        )
        for count in range(5):
            client.succeed(f"nix copy --no-check-sigs --from http://server:5000 --to /root/store-{count} ${large}")
        server.succeed("systemctl stop restarting.service")

    with subtest("stored NARs survive a reboot, with whatever user the service gets"):
        server.succeed("ls /var/cache/harmonia-dev/nars/*")
        server.shutdown()
        server.start()
        server.wait_for_unit("harmonia-dev.socket")
        client.wait_until_succeeds(f"curl --fail --output /root/again http://server:5000/{url}")
        client.succeed("cmp /root/whole /root/again")
  '';
}
