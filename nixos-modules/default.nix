# services.harmonia-dev: usable beside the module that NixOS itself has for services.harmonia.
import ./module {
  root = "harmonia-dev";
  unit = "harmonia-dev";
}
