# The predecessor's README, "Harmonia Daemon", with its optional lines.
{
  imports = [ ./readme/daemon.nix ];
}
