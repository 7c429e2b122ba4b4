# Adds text files named NAME-0, NAME-1, ... with references to earlier ones, and gives their paths, one a line.
{ name, count }:
let
  text = builtins.concatStringsSep "\n" (builtins.genList (line: "line ${toString line} of a small file, like a script or a wrapper") 120);
  references = i: if i < 3 then "" else "${at (i / 2)} ${at (i / 3)} ${at (i - 1 - i / 50)}";
  at = builtins.elemAt all;
  all = builtins.genList (i: builtins.toFile "${name}-${toString i}" "${toString i} ${references i}\n${text}") count;
in
builtins.concatStringsSep "\n" (map builtins.unsafeDiscardStringContext all)
