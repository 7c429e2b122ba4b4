# Each key signs; after a change of the keys the next answer has the new signature, and no request was refused meanwhile.
{ pkgs, ... }:
{
  name = "harmonia-signing";

  nodes = {
    server = {
      imports = [
        ../.
        ./keys.nix
      ];
      services.harmonia-dev.cache = {
        enable = true;
        openFirewall = true;
        signKeyPaths = [
          "/var/lib/secrets/old"
          "/var/lib/secrets/new"
        ];
        restartOnKeyChange = true;
      };
      system.extraDependencies = [ pkgs.hello ];
    };
    client.imports = [ ./client.nix ];
  };

  testScript = ''
    start_all()
    server.wait_for_unit("harmonia-dev.socket")
    server.wait_for_unit("test-keys.service")
    client.wait_for_unit("multi-user.target")
    client.wait_until_succeeds("curl --fail http://server:5000/health")

    def copy(key, store):
        return (
            f"nix copy --option trusted-public-keys '{key}' --option require-sigs true"
            f" --from http://server:5000 --to /root/{store} ${pkgs.hello}"
        )

    for name in ["old", "new"]:
        key = server.succeed(f"cat /var/lib/secrets/{name}.pub").strip()
        client.succeed(copy(key, name))
    client.fail(copy("other-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "other"))

    with subtest("a new key"):
        client.succeed(
            "systemd-run --unit asking sh -c 'while curl --fail --silent http://server:5000/nix-cache-info; do sleep 0.1; done'"
        )
        server.succeed(
            "nix-store --generate-binary-cache-key third-1 /tmp/third /var/lib/secrets/third.pub",
            "mv /tmp/third /var/lib/secrets/new",
        )
        hash = "${builtins.substring 11 32 pkgs.hello.outPath}"
        client.wait_until_succeeds(f"curl --fail http://server:5000/{hash}.narinfo | grep '^Sig: third-1:'")
        client.succeed("systemctl is-active asking.service")

    with subtest("secrets are not in the Nix store"):
        server.fail("grep --recursive --files-with-matches --fixed-strings --file /var/lib/secrets/old /etc/systemd/system/")
  '';
}
