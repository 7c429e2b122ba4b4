# harmonia-daemon takes nix-daemon's socket, works for stock clients, and gives the socket back.
{ pkgs, ... }:
let
  expression = pkgs.writeText "trivial.nix" ''
    { name }:
    derivation {
      inherit name;
      system = builtins.currentSystem;
      builder = "${pkgs.bash}/bin/bash";
      args = [ "-c" "echo ''${name} > $out" ];
    }
  '';
in
{
  name = "harmonia-replace-nix-daemon";

  nodes.machine = {
    imports = [ ../. ];
    services.harmonia-dev = {
      cache.enable = true;
      daemon.enable = true;
    };
    users.users.alice.isNormalUser = true;
    nix.settings = {
      experimental-features = [ "nix-command" ];
      substituters = [ ];
    };
    system.extraDependencies = [
      expression
      pkgs.bash
    ];
    specialisation.replaced.configuration.services.harmonia-dev.daemon = {
      mode = "build";
      replaceNixDaemon = true;
    };
  };

  testScript = ''
    def build(name):
        return machine.succeed(f"su alice --command 'nix-build --no-out-link ${expression} --argstr name {name}'").strip()

    def switch(name):
        machine.succeed(f"{name}/bin/switch-to-configuration test")

    machine.wait_for_unit("nix-daemon.socket")
    original = machine.succeed("readlink --canonicalize /run/current-system").strip()

    with subtest("take over"):
        switch(f"{original}/specialisation/replaced")
        machine.wait_for_unit("harmonia-daemon.socket")
        machine.fail("systemctl is-active nix-daemon.socket")
        machine.succeed("su alice --command 'nix store info --store daemon'")
        machine.succeed("su alice --command 'nix-store --add /etc/hostname'")
        assert machine.succeed(f"cat {build('first')}") == "first\n"
        machine.wait_until_succeeds("curl --fail http://localhost:5000/ready")

    with subtest("give back"):
        switch(original)
        machine.wait_for_unit("nix-daemon.socket")
        assert machine.succeed(f"cat {build('second')}") == "second\n"
        machine.wait_for_unit("nix-daemon.service")
        machine.wait_until_succeeds("curl --fail http://localhost:5000/ready")
  '';
}
