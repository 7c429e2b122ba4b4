# evalModules: collects modules, merges the declarations of options, and evaluates their definitions.
{ lib }:
let
  inherit (lib)
    concatMap
    concatStringsSep
    filter
    mapAttrs
    isAttrs
    isFunction
    isOption
    ;
  typeOf = value: if isAttrs value then value._type or null else null;
  structure = [ "_file" "key" "imports" "disabledModules" "freeformType" "options" "config" "meta" ];

  # One module in its full form, whatever form it was written in.
  loadModule =
    args: file: key: module:
    let
      isPath = builtins.isPath module || builtins.isString module;
      loaded = if isPath then import module else module;
      applied = if isFunction loaded then loaded (withArguments loaded args) else loaded;
      named = {
        key = if isPath then toString module else applied.key or key;
        file = if isPath then toString module else applied._file or file;
      };
      unknown = builtins.removeAttrs applied structure;
    in
    {
      inherit (named) key file;
      imports = applied.imports or [ ];
      disabled = applied.disabledModules or [ ];
      freeform = lib.optional (applied ? freeformType) applied.freeformType;
      options = applied.options or { };
      config =
        if applied ? options || applied ? config then
          if unknown == { } then
            applied.config or { }
          else
            throw "${named.file} has unknown attributes beside `options' and `config': ${toString (builtins.attrNames unknown)}"
        else
          unknown;
    };

  # An argument that is not among the fixed ones comes from _module.args, lazily.
  withArguments =
    module: args:
    mapAttrs (name: _: args.${name} or args.config._module.args.${name}) (builtins.functionArgs module) // args;

  # Every module once: by its key, imports after the module that asks for them.
  collect =
    args: modulesPath: modules:
    let
      visit =
        parent: index: module:
        let
          loaded = loadModule args parent "${parent}:anon-${toString index}" module;
        in
        [ loaded ] ++ visitAll loaded.key loaded.imports;
      visitAll = parent: list: lib.concatAllLists (lib.imap0 (visit parent) list);
      all = visitAll "<root>" modules;
      disabled = map (name: if lib.hasPrefix "/" (toString name) then toString name else "${modulesPath}/${name}") (
        concatMap (module: module.disabled) all
      );
      once = builtins.foldl' (
        seen: module: if builtins.any (other: other.key == module.key) seen then seen else seen ++ [ module ]
      ) [ ];
    in
    filter (module: !(builtins.elem module.key disabled)) (once all);

  # mkIf, mkMerge and mkOverride around a set of options say the same of each option in it.
  pushDown =
    value:
    let
      each = wrap: set: mapAttrs (_: wrap) set;
    in
    {
      "if" = map (each (lib.mkIf value.condition)) (pushDown value.content);
      merge = concatMap pushDown value.contents;
      override = map (each (lib.mkOverride value.priority)) (pushDown value.content);
    }
    .${if typeOf value == null then "none" else typeOf value} or [ value ];

  # Definitions without mkIf and mkMerge, each with its priority and its place in a list.
  discharge =
    { file, value }:
    let
      found = {
        "if" =
          if value.condition then
            discharge {
              inherit file;
              value = value.content;
            }
          else
            [ ];
        merge = concatMap (content: discharge { inherit file; value = content; }) value.contents;
        override = map (inner: inner // { inherit (value) priority; }) (discharge {
          inherit file;
          value = value.content;
        });
        order = map (inner: inner // { order = value.priority; }) (discharge {
          inherit file;
          value = value.content;
        });
      };
    in
    found.${if typeOf value == null then "none" else typeOf value} or [
      {
        inherit file value;
        priority = 100;
        order = 1000;
      }
    ];
in
rec {
  # What remains of definitions: those of the highest priority, in their order.
  prevailing =
    definitions:
    let
      all = concatMap discharge definitions;
      highest = builtins.foldl' (least: one: if one.priority < least then one.priority else least) 9999 all;
    in
    builtins.sort (one: other: one.order < other.order) (filter (one: one.priority == highest) all);

  # The value of prevailing definitions under a type.
  mergeDefinitions =
    location: type: definitions:
    let
      remaining = prevailing definitions;
      wrong = filter (one: !(type.check one.value)) remaining;
      name = concatStringsSep "." location;
    in
    if remaining == [ ] then
      type.emptyValue or (throw "The option `${name}' was accessed but has no value defined.")
    else if wrong != [ ] then
      throw "A definition for option `${name}' in ${(builtins.head wrong).file} is not of type `${type.description}'."
    else
      type.merge location (map (one: { inherit (one) file value; }) remaining);

  evalOption =
    location: option: definitions:
    let
      type = option.type or lib.types.unspecified;
      default = lib.optional (option ? default) {
        file = "default";
        value = lib.mkOptionDefault option.default;
      };
      given = concatMap discharge definitions;
      highest = prevailing definitions;
      value = mergeDefinitions location type (definitions ++ default);
    in
    option
    // {
      inherit location;
      isDefined = given != [ ];
      files = lib.unique (map (one: one.file) given);
      highestDefinitions = map (one: lib.mkOverride one.priority (lib.mkOrder one.order one.value)) highest;
      value = (option.apply or (plain: plain)) value;
    };

  evalTree =
    location: freeform: declarations: definitions:
    let
      names = lib.unique (concatMap builtins.attrNames declarations);
      spread = concatMap (one: map (value: { inherit (one) file; inherit value; }) (pushDown one.value)) definitions;
      definedNames = lib.unique (concatMap (one: builtins.attrNames one.value) spread);
      below = name: map (one: { inherit (one) file; value = one.value.${name}; }) (filter (one: one.value ? ${name}) spread);
      declaredBelow = name: map (one: one.${name}) (filter (one: one ? ${name}) declarations);
      entry =
        name:
        let
          declared = declaredBelow name;
          here = location ++ [ name ];
        in
        if builtins.any isOption declared then
          if builtins.length declared == 1 then
            evalOption here (builtins.head declared) (below name)
          else
            throw "The option `${concatStringsSep "." here}' is already declared."
        else
          evalTree here [ ] declared (below name);
      unknown = filter (name: !(builtins.elem name names)) definedNames;
      undeclared = map (name: "`${concatStringsSep "." (location ++ [ name ])}' in ${(builtins.head (below name)).file}") unknown;
    in
    lib.genAttrs names entry
    // lib.optionalAttrs (unknown != [ ]) (
      if freeform == [ ] then
        throw "These options do not exist: ${concatStringsSep ", " undeclared}"
      else
        lib.genAttrs unknown (name: evalOption (location ++ [ name ]) {
          _type = "option";
          type = (builtins.head freeform).nestedTypes.elemType or lib.types.unspecified;
        } (below name))
    );

  valuesOf = tree: if isOption tree then tree.value else mapAttrs (_: valuesOf) tree;

  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? [ ],
    }:
    let
      args = specialArgs // { inherit lib config options; };
      # nixpkgs merges the definitions of later modules first.
      collected = lib.reverseList (collect args (specialArgs.modulesPath or "/modules") (modules ++ [ internal ]));
      internal.options._module.args = lib.mkOption {
        type = lib.types.attrsOf lib.types.unspecified;
        default = { };
        internal = true;
      };
      options = evalTree prefix (concatMap (module: module.freeform) collected) (map (module: module.options) collected) (
        map (module: {
          inherit (module) file;
          value = module.config;
        }) collected
      );
      config = valuesOf options;
    in
    {
      inherit config options;
    };
}
