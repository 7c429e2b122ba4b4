# What `bind` of harmonia-cache means to systemd and to the firewall.
{ lib }:
rec {
  isUnix = lib.hasPrefix "unix:";

  # unix:/run/x and unix:///run/x are the same.
  unixPath = address: lib.removePrefix "//" (lib.removePrefix "unix:" address);

  listenStream = address: if isUnix address then unixPath address else address;

  port =
    address:
    let
      digits = builtins.match ".*:([0-9]+)" address;
    in
    if digits == null then null else builtins.fromJSON (builtins.head digits);

  # systemd opens the sockets, and it resolves no names.
  isUsable =
    address:
    if isUnix address then
      lib.hasPrefix "/" (unixPath address)
    else
      builtins.match "(\\[[0-9a-fA-F:.]+]|[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+):[0-9]+" address != null;

  tcpPorts = addresses: map port (lib.filter (address: !isUnix address) addresses);
}
