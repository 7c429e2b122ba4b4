# Clients wait at the sockets while services stop, crash or start; a broken configuration heals without a lost socket.
{ ... }:
{
  name = "harmonia-socket-activation";

  nodes.machine = {
    imports = [ ../. ];
    services.harmonia-dev = {
      daemon.enable = true;
      cache = {
        enable = true;
        settings.bind = [
          "[::]:5000"
          "unix:/run/harmonia/socket"
        ];
      };
    };
  };

  testScript = ''
    machine.wait_for_unit("harmonia-dev.socket")
    ask = "curl --fail --max-time 30 http://localhost:5000/ready"
    machine.wait_until_succeeds(ask)

    with subtest("both addresses"):
        machine.succeed("curl --fail --unix-socket /run/harmonia/socket http://cache/nix-cache-info")
        machine.succeed("systemctl restart harmonia-dev.service")
        machine.succeed("curl --fail --unix-socket /run/harmonia/socket http://cache/nix-cache-info")

    for unit in ["harmonia-dev", "harmonia-daemon"]:
        with subtest(f"{unit} starts on demand"):
            machine.succeed(f"systemctl stop {unit}.service")
            machine.succeed(f"systemctl is-active {unit}.socket")
            machine.wait_until_succeeds(ask)
            machine.succeed(f"systemctl is-active {unit}.service")

        with subtest(f"{unit} is killed again and again"):
            for _ in range(10):
                machine.succeed(f"systemctl kill --signal KILL {unit}.service")
                machine.wait_until_succeeds(ask)
            machine.succeed(f"systemctl is-active {unit}.socket")

    with subtest("no network but the sockets"):
        pid = machine.succeed("systemctl show --value --property MainPID harmonia-dev.service").strip()
        addresses = machine.succeed(f"nsenter --net --target {pid} ip --brief address")
        assert "eth" not in addresses, addresses
  '';
}
