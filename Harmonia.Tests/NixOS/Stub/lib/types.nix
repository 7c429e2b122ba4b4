# Types: what a definition may be, and how several become one value.
{ lib }:
let
  inherit (lib) concatMap concatStringsSep mapAttrs;

  mkType =
    { merge ? mergeEqual, ... }@type:
    { nestedTypes = { }; } // type // { inherit merge; };

  # Definitions of one priority must agree.
  mergeEqual =
    location: definitions:
    let
      first = (builtins.head definitions).value;
    in
    if builtins.all (one: one.value == first) definitions then
      first
    else
      throw "The option `${concatStringsSep "." location}' has conflicting definitions, in ${
        lib.concatMapStringsSep " and " (one: one.file) definitions
      }.";

  isPathLike = value: lib.isDerivation value || builtins.isPath value || (builtins.isString value && lib.hasPrefix "/" value);
in
rec {
  unspecified = mkType {
    description = "unspecified value";
    check = _: true;
  };
  raw = unspecified;
  bool = mkType {
    description = "boolean";
    check = builtins.isBool;
  };
  int = mkType {
    description = "signed integer";
    check = builtins.isInt;
  };
  float = mkType {
    description = "floating point number";
    check = builtins.isFloat;
  };
  str = mkType {
    description = "string";
    check = builtins.isString;
  };
  singleLineStr = str // {
    description = "single-line string";
    check = value: builtins.isString value && builtins.match "[^\n\r]*\n?" value != null;
  };
  lines = str // {
    description = "strings concatenated with \"\\n\"";
    merge = _: definitions: concatStringsSep "\n" (map (one: one.value) definitions);
  };
  path = mkType {
    description = "absolute path";
    check = isPathLike;
  };
  package = mkType {
    description = "package";
    check = value: lib.isDerivation value || (builtins.isString value && lib.hasPrefix "/nix/store/" value);
  };
  port = ints.between 0 65535 // {
    description = "16 bit unsigned integer; between 0 and 65535 (both inclusive)";
  };
  ints = {
    between =
      least: most:
      mkType {
        description = "integer between ${toString least} and ${toString most} (both inclusive)";
        check = value: builtins.isInt value && value >= least && value <= most;
      };
    positive = mkType {
      description = "positive integer, meaning >0";
      check = value: builtins.isInt value && value > 0;
    };
    unsigned = mkType {
      description = "unsigned integer, meaning >=0";
      check = value: builtins.isInt value && value >= 0;
    };
  };
  enum =
    values:
    mkType {
      description = "one of ${lib.concatMapStringsSep ", " builtins.toJSON values}";
      check = value: builtins.elem value values;
    };

  nullOr =
    type:
    mkType {
      description = "null or ${type.description}";
      check = value: value == null || type.check value;
      merge =
        location: definitions:
        if builtins.all (one: one.value == null) definitions then null else type.merge location definitions;
    };

  either =
    left: right:
    mkType {
      description = "${left.description} or ${right.description}";
      check = value: left.check value || right.check value;
      nestedTypes = left.nestedTypes // right.nestedTypes;
      merge =
        location: definitions:
        let
          all = type: builtins.all (one: type.check one.value) definitions;
          chosen = if all left then left else if all right then right else unspecified;
        in
        chosen.merge location definitions;
    };
  oneOf = types: builtins.foldl' either (builtins.head types) (builtins.tail types);

  listOf =
    type:
    mkType {
      description = "list of ${type.description}";
      check = builtins.isList;
      emptyValue = [ ];
      merge =
        location: definitions:
        concatMap (
          { file, value }:
          map (element: lib.mergeDefinitions (location ++ [ "*" ]) type [ { inherit file; value = element; } ]) value
        ) definitions;
    };

  attrsOf =
    type:
    mkType {
      description = "attribute set of ${type.description}";
      check = value: builtins.isAttrs value && !(value ? _type);
      emptyValue = { };
      nestedTypes.elemType = type;
      merge =
        location: definitions:
        let
          set = lib.zipAttrsWith (
            name: below: {
              present = lib.prevailing below != [ ];
              value = lib.mergeDefinitions (location ++ [ name ]) type below;
            }
          ) (map ({ file, value }: mapAttrs (_: inner: { inherit file; value = inner; }) value) definitions);
        in
        mapAttrs (_: entry: entry.value) (lib.filterAttrs (_: entry: entry.present) set);
    };
  lazyAttrsOf = attrsOf;
  attrs = attrsOf unspecified;

  # Sets are merged at each leaf, lists are joined, everything else must agree.
  anything = mkType {
    description = "anything";
    check = _: true;
    merge =
      location: definitions:
      let
        all = test: builtins.all (one: test one.value) definitions;
      in
      if all (value: builtins.isAttrs value && !(lib.isDerivation value)) then
        (attrsOf anything).merge location definitions
      else if all builtins.isList then
        concatMap (one: one.value) definitions
      else
        mergeEqual location definitions;
  };

  submodule =
    module:
    mkType {
      description = "submodule";
      check = value: builtins.isAttrs value || builtins.isFunction value;
      emptyValue = (submodule module).merge [ ] [ ];
      submodules = lib.toList module;
      merge =
        location: definitions:
        (builtins.removeAttrs
          (lib.evalModules {
            prefix = location;
            modules = lib.toList module ++ map ({ file, value }: { _file = file; config = value; }) definitions;
            specialArgs.name = if location == [ ] then "" else lib.last location;
          }).config
          [ "_module" ]
        );
    };
}
