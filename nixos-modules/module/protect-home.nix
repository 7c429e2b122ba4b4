# ProtectHome= for a service that reads a store: homes are hidden, unless the store lies in one.
{ lib }:
store:
if
  lib.any (home: lib.hasPrefix "${home}/" store) [
    "/home"
    "/root"
    "/run/user"
  ]
then
  "read-only"
else
  true
