# The collector deletes old generations and garbage, through nix-daemon and through harmonia-daemon, and keeps what is in use.
{ pkgs, ... }:
{
  name = "harmonia-gc";

  nodes =
    let
      common = {
        imports = [ ../. ];
        services.harmonia-dev.gc = {
          enable = true;
          automatic = true;
          deleteOlderThan = "30d";
        };
        system.extraDependencies = [ pkgs.hello ];
      };
    in
    {
      nix = common;
      ours = {
        imports = [ common ];
        services.harmonia-dev.daemon = {
          enable = true;
          mode = "add";
        };
      };
    };

  testScript = ''
    start_all()
    for machine in (nix, ours):
        machine.wait_for_unit("harmonia-gc.timer")
        profile = "/nix/var/nix/profiles/test"
        for content in ("first", "second", "third"):
            machine.succeed(
                f"echo {content} > /tmp/{content}",
                f"nix-env --profile {profile} --set $(nix-store --add /tmp/{content})",
            )
        machine.succeed(f"touch --no-dereference --date '90 days ago' {profile}-1-link {profile}-2-link")
        first = machine.succeed(f"readlink {profile}-1-link").strip()
        second = machine.succeed(f"readlink {profile}-2-link").strip()

        with subtest(f"the generation that was current 30 days ago stays on {machine.name}"):
            machine.succeed("systemctl start harmonia-gc.service")
            machine.succeed(f"test ! -e {first}", f"test -e {second}", f"test ! -h {profile}-1-link", f"test -h {profile}-2-link")
            machine.succeed("test -e /run/current-system/sw", "${pkgs.hello}/bin/hello")
            machine.succeed("journalctl --unit harmonia-gc.service | grep 'Deleted 1 generation'")
  '';
}
