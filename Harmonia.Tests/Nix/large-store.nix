# A store of `texts` small text paths with references, and `derivations` derivations that are built, each from the one before,
# every third with a second output.
{ texts, derivations }:
let
  text = i:
    if i == 0 then builtins.toFile "text-0" "the first"
    else builtins.toFile "text-${toString i}" "${toString i} ${builtins.elemAt allTexts (i - 1 - i / 7)} ${builtins.elemAt allTexts (i / 2)}";
  allTexts = builtins.genList text texts;
  build = i: derivation {
    name = "built-${toString i}";
    system = "x86_64-linux";
    builder = "/bin/sh";
    outputs = if i - i / 3 * 3 == 0 then [ "out" "dev" ] else [ "out" ];
    args = [ "-c" ''
      echo "building $name"
      if [ -n "$dev" ]; then echo "$out" > $dev; fi
      mkdir -p $out/bin $out/share/empty
      { echo "$text"; echo "$previous"; echo "$out"; } > $out/share/references
      printf '#!/bin/sh\necho %s\n' "$name" > $out/bin/tool
      chmod +x $out/bin/tool
      ln -s ../share/references $out/bin/link
      if [ -n "$textsPath" ]; then cp $textsPath $out/share/texts; fi
    '' ];
    PATH = "/bin";
    text = builtins.elemAt allTexts (texts - 1 - i);
    previous = if i == 0 then "" else builtins.elemAt allBuilt (i - 1);
    passAsFile = [ "texts" ];
    texts = if i == 0 then allTexts else [ ];
  };
  allBuilt = builtins.genList build derivations;
in allBuilt
