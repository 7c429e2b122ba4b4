# TLS by the cache itself with a certificate of an own authority, and a user's password in the client's netrc file.
{ pkgs, ... }:
let
  certificates = pkgs.runCommandLocal "certificates" { nativeBuildInputs = [ pkgs.openssl ]; } ''
    mkdir "$out"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=authority \
      -keyout authority.key -out "$out/authority.pem"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -keyout "$out/server.key" -out server.csr
    openssl x509 -req -in server.csr -CA "$out/authority.pem" -CAkey authority.key -days 3650 \
      -extfile <(echo subjectAltName=DNS:server) -out "$out/server.pem"
  '';
in
{
  name = "harmonia-tls-private";

  nodes = {
    server =
      { config, ... }:
      {
        imports = [ ../. ];
        services.harmonia-dev.cache = {
          enable = true;
          openFirewall = true;
          settings.bind = "[::]:443";
          tls = {
            certificate = "/var/lib/secrets/server.pem";
            key = "/var/lib/secrets/server.key";
          };
          credentialsFile = "/var/lib/secrets/credentials";
        };
        systemd.services.test-secrets = {
          description = "Secrets of the test's cache";
          requiredBy = [ "harmonia-dev.service" ];
          before = [ "harmonia-dev.service" ];
          serviceConfig = {
            Type = "oneshot";
            RemainAfterExit = true;
          };
          script = ''
            mkdir -p /var/lib/secrets
            cp ${certificates}/server.* /var/lib/secrets/
            echo long-enough-for-a-test | ${config.services.harmonia-dev.package}/bin/harmonia-cache hash-password alice \
              > /var/lib/secrets/credentials
            chmod 0600 /var/lib/secrets/*
          '';
        };
        system.extraDependencies = [ pkgs.hello ];
      };
    client = {
      imports = [ ./client.nix ];
      security.pki.certificateFiles = [ "${certificates}/authority.pem" ];
    };
  };

  testScript = ''
    start_all()
    server.wait_for_unit("harmonia-dev.socket")
    client.wait_for_unit("multi-user.target")

    client.wait_until_succeeds("curl --fail https://server/health")
    client.succeed("test $(curl --silent --output /dev/null --write-out '%{http_code}' https://server/nix-cache-info) = 401")
    client.fail("nix copy --no-check-sigs --from https://server --to /root/store ${pkgs.hello}")

    client.succeed("echo 'machine server login alice password long-enough-for-a-test' > /root/netrc")
    client.succeed("nix copy --no-check-sigs --option netrc-file /root/netrc --from https://server --to /root/store ${pkgs.hello}")
    client.succeed("test -x /root/store${pkgs.hello}/bin/hello")
  '';
}
