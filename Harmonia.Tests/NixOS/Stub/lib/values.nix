# Functions on strings, lists and attribute sets.
let
  inherit (builtins)
    attrNames
    concatLists
    concatStringsSep
    elemAt
    filter
    foldl'
    genList
    isAttrs
    isList
    length
    listToAttrs
    map
    mapAttrs
    match
    stringLength
    substring
    ;
in
rec {
  inherit (builtins)
    all
    any
    attrValues
    concatMap
    elem
    head
    isString
    replaceStrings
    ;
  inherit
    attrNames
    concatStringsSep
    filter
    isAttrs
    isList
    length
    listToAttrs
    mapAttrs
    ;

  # Strings
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    let
      rest = stringLength text - stringLength suffix;
    in
    rest >= 0 && substring rest (stringLength suffix) text == suffix;
  hasInfix = infix: text: builtins.length (builtins.split (escapeRegex infix) text) > 1;
  removePrefix =
    prefix: text:
    if hasPrefix prefix text then
      substring (stringLength prefix) (stringLength text - stringLength prefix) text
    else
      text;
  removeSuffix =
    suffix: text:
    if hasSuffix suffix text then
      substring 0 (stringLength text - stringLength suffix) text
    else
      text;
  escapeRegex =
    let
      special = [ "\\" "." "[" "]" "(" ")" "{" "}" "*" "+" "?" "^" "$" "|" ];
    in
    replaceStringsIn special (map (character: "\\" + character) special);
  replaceStringsIn = builtins.replaceStrings;
  concatStrings = concatStringsSep "";
  concatMapStringsSep =
    separator: f: list:
    concatStringsSep separator (map f list);
  concatMapStrings = concatMapStringsSep "";
  optionalString = condition: text: if condition then text else "";
  escapeShellArg =
    value:
    let
      text = toString value;
    in
    if match "[[:alnum:],._+:@%/-]+" text != null then
      text
    else
      "'" + builtins.replaceStrings [ "'" ] [ "'\\''" ] text + "'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  versionOlder = one: other: builtins.compareVersions other one == 1;
  versionAtLeast = one: other: !versionOlder one other;

  # Lists
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  toList = value: if isList value then value else [ value ];
  last = list: elemAt list (length list - 1);
  imap0 = f: list: genList (index: f index (elemAt list index)) (length list);
  reverseList =
    list: genList (index: elemAt list (length list - 1 - index)) (length list);
  findFirst =
    test: default: list:
    let
      found = filter test list;
    in
    if found == [ ] then default else builtins.head found;
  unique = foldl' (seen: value: if builtins.elem value seen then seen else seen ++ [ value ]) [ ];
  flatten = value: if isList value then builtins.concatMap flatten value else [ value ];
  range = first: end: if first > end then [ ] else genList (n: first + n) (end - first + 1);

  # Attribute sets
  optionalAttrs = condition: set: if condition then set else { };
  nameValuePair = name: value: { inherit name value; };
  mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  filterAttrs =
    keep: set: removeAttrs set (filter (name: !(keep name set.${name})) (attrNames set));
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  attrByPath =
    path: default: set:
    if path == [ ] then
      set
    else if isAttrs set && set ? ${builtins.head path} then
      attrByPath (builtins.tail path) default set.${builtins.head path}
    else
      default;
  getAttrFromPath =
    path: attrByPath path (throw "attribute ${concatStringsSep "." path} is missing");
  hasAttrByPath = path: set: attrByPath path null set != null;
  setAttrByPath =
    path: value:
    if path == [ ] then value else { ${builtins.head path} = setAttrByPath (builtins.tail path) value; };
  recursiveUpdate =
    left: right:
    if isAttrs left && isAttrs right then
      left // mapAttrs (name: value: if left ? ${name} then recursiveUpdate left.${name} value else value) right
    else
      right;
  zipAttrsWith = builtins.zipAttrsWith;
  concatAllLists = concatLists;
  isFunction = value: builtins.isFunction value || (isAttrs value && value ? __functor);
  isDerivation = value: isAttrs value && (value.type or null) == "derivation";
  makeLibraryPath = packages: concatStringsSep ":" (map (package: "${package}/lib") packages);
  licenses.mit = "MIT";
  fileset = {
    unions = paths: paths;
    # Only that every path exists: what a derivation would contain is not looked at.
    toSource =
      { root, fileset }:
      if builtins.all builtins.pathExists fileset then toString root else throw "a file of the source is missing";
  };
  getExe = package: "${package}/bin/${package.meta.mainProgram or package.pname}";
  getExe' = package: name: "${package}/bin/${name}";
}
