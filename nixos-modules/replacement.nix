# services.harmonia: takes the place of the module that NixOS itself has.
{
  imports = [
    (import ./module {
      root = "harmonia";
      unit = "harmonia";
    })
  ];

  # Else every option would be declared twice.
  disabledModules = [ "services/networking/harmonia.nix" ];
}
