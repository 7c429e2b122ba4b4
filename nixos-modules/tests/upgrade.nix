# From the module and the program that NixOS has to the ones here, without a change of the configuration: same names, same address,
# same keys, same answers; and back.
{ pkgs, ... }:
let
  configuration = {
    services.harmonia = {
      enable = true;
      signKeyPaths = [ "/var/lib/secrets/harmonia.secret" ];
      settings.priority = 35;
    };
    systemd.services.test-keys = {
      description = "Key of the test's cache";
      requiredBy = [ "harmonia.service" ];
      before = [ "harmonia.service" ];
      path = [ pkgs.nix ];
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
      };
      script = ''
        mkdir -p /var/lib/secrets
        [ -e /var/lib/secrets/harmonia.secret ] ||
          nix-store --generate-binary-cache-key cache-1 /var/lib/secrets/harmonia.secret /var/lib/secrets/harmonia.pub
      '';
    };
    environment.systemPackages = [ pkgs.curl ];
    system.extraDependencies = [ pkgs.hello ];
  };
in
{
  name = "harmonia-upgrade";

  nodes = {
    machine = configuration;
    # Never started: the machine switches to its system.
    upgraded.imports = [
      ../replacement.nix
      configuration
    ];
  };

  testScript =
    { nodes, ... }:
    ''
      hash = "${builtins.substring 11 32 pkgs.hello.outPath}"

      def narinfo():
          machine.wait_until_succeeds("curl --fail http://localhost:5000/nix-cache-info | grep 'Priority: 35'")
          text = machine.succeed(f"curl --fail http://localhost:5000/{hash}.narinfo")
          return sorted(line for line in text.splitlines() if line.startswith(("StorePath", "NarHash", "NarSize", "References", "Sig")))

      machine.start()
      machine.wait_for_unit("multi-user.target")
      before = narinfo()
      original = machine.succeed("readlink --canonicalize /run/current-system").strip()

      machine.succeed("${nodes.upgraded.system.build.toplevel}/bin/switch-to-configuration test")
      machine.wait_for_unit("harmonia.service")
      machine.succeed("curl --fail http://localhost:5000/version | grep '${nodes.upgraded.services.harmonia.package.version}'")
      assert narinfo() == before

      machine.succeed(f"{original}/bin/switch-to-configuration test")
      assert narinfo() == before
    '';
}
