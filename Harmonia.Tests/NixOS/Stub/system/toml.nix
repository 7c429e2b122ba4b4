# Writes settings as TOML: values of a table before its subtables, keys sorted.
{ lib }:
let
  isTable = value: builtins.isAttrs value && !(lib.isDerivation value);
  key = name: if builtins.match "[A-Za-z0-9_-]+" name != null then name else builtins.toJSON name;
  inline =
    value:
    if isTable value then
      "{ ${lib.concatStringsSep ", " (lib.mapAttrsToList (name: inner: "${key name} = ${inline inner}") value)} }"
    else if builtins.isList value then
      "[${lib.concatMapStringsSep ", " inline value}]"
    else if lib.isDerivation value || builtins.isPath value then
      builtins.toJSON "${toString value}"
    else
      builtins.toJSON value;
  table =
    path: settings:
    let
      plain = lib.filterAttrs (_: value: !(isTable value)) settings;
      tables = lib.filterAttrs (_: isTable) settings;
      name = inner: lib.concatMapStringsSep "." key (path ++ [ inner ]);
    in
    lib.concatStrings (lib.mapAttrsToList (inner: value: "${key inner} = ${inline value}\n") plain)
    + lib.concatStrings (
      lib.mapAttrsToList (inner: value: "\n[${name inner}]\n${table (path ++ [ inner ]) value}") tables
    );
in
table [ ]
