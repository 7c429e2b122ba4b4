#!/usr/bin/env bash
# Evaluates every configuration over the stub and over the real lib of nixpkgs, and shows how the results differ.
#
#   ./compare-lib.sh LIB          LIB is the folder lib of nixpkgs, or of a clone of nix-community/nixpkgs.lib
#
# The order of warnings and of lists from several modules may differ; nothing else should. It ends with 1 if anything does.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,/^set/{s/^# \{0,1\}//;/^set/d;p}' "$0"; exit 2; }
lib=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"

# The order of a list is no difference: each line is one leaf.
evaluate() {
  nix-instantiate --store dummy:// --eval --strict --json Stub/evaluate.nix --argstr name "$1" "${@:2}" |
    python3 -c '
import json, sys
def leaves(path, value):
    if isinstance(value, dict):
        for key in value:
            yield from leaves(path + "." + key, value[key])
    elif isinstance(value, list):
        for element in value:
            yield from leaves(path + "[]", element)
    elif isinstance(value, str) and path.startswith(".units."):
        yield from (path + " " + line for line in value.splitlines())
    else:
        yield path + " " + json.dumps(value)
print("\n".join(sorted(leaves("", json.load(sys.stdin)))))'
}

status=0
for file in Configurations/*.nix; do
  name=$(basename "$file" .nix)
  if diff --label "$name over the stub" --label "$name over lib" --unified=0 <(evaluate "$name") <(evaluate "$name" --arg lib "import $lib"); then
    printf 'same: %s\n' "$name"
  else
    status=1
  fi
done
exit $status
