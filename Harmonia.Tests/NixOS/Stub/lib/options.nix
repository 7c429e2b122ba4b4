# Declarations of options, and the properties that a definition can have.
{ lib }:
let
  property = _type: rest: rest // { inherit _type; };
in
rec {
  mkOption = property "option";
  isOption = value: builtins.isAttrs value && (value._type or null) == "option";

  mkEnableOption =
    name:
    mkOption {
      type = lib.types.bool;
      default = false;
      example = true;
      description = "Whether to enable ${name}.";
    };

  literalExpression = text: {
    _type = "literalExpression";
    inherit text;
  };

  mkIf = condition: content: property "if" { inherit condition content; };
  mkMerge = contents: property "merge" { inherit contents; };
  mkOverride = priority: content: property "override" { inherit priority content; };
  mkOrder = priority: content: property "order" { inherit priority content; };

  mkForce = mkOverride 50;
  mkDefault = mkOverride 1000;
  mkOptionDefault = mkOverride 1500;
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;

  # The old name takes definitions and hands them on; reading it gives the new value.
  mkRenamedOptionModule =
    from: to:
    { config, options, ... }:
    let
      old = lib.getAttrFromPath from options;
      name = lib.concatStringsSep ".";
    in
    {
      options = lib.setAttrByPath from (mkOption {
        visible = false;
        description = "Alias of ${name to}.";
        apply = _: lib.getAttrFromPath to config;
        type = lib.types.unspecified;
      });
      config = mkMerge [
        {
          warnings = lib.optional old.isDefined (
            "The option `${name from}' defined in ${lib.concatMapStringsSep " and in " (file: "`${file}'") old.files} has been renamed to `${name to}'."
          );
        }
        (lib.setAttrByPath to (mkIf old.isDefined (mkMerge old.highestDefinitions)))
      ];
    };
}
