final: _: {
  harmonia = final.callPackage ./package { };
}
