# nginx before the cache: redirect to TLS, ranges, the scheme on the landing page, and no metrics.
{ pkgs, ... }:
let
  certificates = pkgs.runCommandLocal "certificates" { nativeBuildInputs = [ pkgs.openssl ]; } ''
    mkdir "$out"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=server \
      -addext subjectAltName=DNS:server -keyout "$out/server.key" -out "$out/server.pem"
  '';
in
{
  name = "harmonia-nginx";

  nodes = {
    server = {
      imports = [ ../. ];
      services.harmonia-dev.cache = {
        enable = true;
        openFirewall = true;
        nginx = {
          enable = true;
          virtualHost = "server";
          certificate = "${certificates}/server.pem";
          key = "/var/lib/secrets/server.key";
        };
      };
      systemd.services.test-secrets = {
        description = "Key of the test's front end";
        requiredBy = [ "nginx.service" ];
        before = [ "nginx.service" ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
        };
        script = "install -D --mode 640 --group nginx ${certificates}/server.key /var/lib/secrets/server.key";
      };
      system.extraDependencies = [ pkgs.hello ];
    };
    client = {
      imports = [ ./client.nix ];
      security.pki.certificateFiles = [ "${certificates}/server.pem" ];
    };
  };

  testScript = ''
    start_all()
    server.wait_for_unit("nginx.service")
    client.wait_for_unit("multi-user.target")
    client.wait_until_succeeds("curl --fail https://server/health")
    client.succeed("curl --head http://server/nix-cache-info | grep --ignore-case 'location: https://server/'")
    client.succeed("curl --fail https://server/ | grep https://server")
    client.fail("curl --fail https://server/metrics")

    hash = "${builtins.substring 11 32 pkgs.hello.outPath}"
    url = client.succeed(f"curl --fail https://server/{hash}.narinfo | sed --quiet 's/^URL: //p'").strip()
    code = client.succeed(f"curl --silent --output /dev/null --write-out '%{{http_code}}' --range 100-199 https://server/{url}")
    assert code == "206", code
    client.succeed("nix copy --no-check-sigs --from https://server --to /root/store ${pkgs.hello}")
  '';
}
