# What the expressions of distro/nix use of nixpkgs, just enough to evaluate them: options are not checked, nothing is merged.
rec {
  lib = {
    mkEnableOption = description: { inherit description; default = false; };
    mkOption = option: option;
    mkIf = condition: content: if condition then content else { };
    mkAfter = list: { after = list; };
    mkDefault = value: { default = value; };
    literalExpression = text: text;
    optional = condition: value: if condition then [ value ] else [ ];
    optionalAttrs = condition: set: if condition then set else { };
    genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
    makeLibraryPath = packages: builtins.concatStringsSep ":" (map (package: "${package}/lib") packages);
    licenses.asl20 = "Apache-2.0";
    types = {
      path = "path";
      package = "package";
      str = "str";
      int = "int";
      bool = "bool";
      attrsOf = type: { attrsOf = type; };
      listOf = type: { listOf = type; };
      oneOf = types: { oneOf = types; };
    };
    generators.toINI =
      { }:
      sections:
      builtins.concatStringsSep "\n" (
        map (
          section:
          "[${section}]\n"
          + builtins.concatStringsSep "" (
            map (key: "${key}=${text sections.${section}.${key}}\n") (builtins.attrNames sections.${section})
          )
        ) (builtins.attrNames sections)
      );
  };
  text = value: if builtins.isBool value then (if value then "true" else "false") else toString value;
  stdenv = {
    mkDerivation = attributes: attributes // { outPath = "/store/${attributes.pname}-${attributes.version}"; };
    cc.cc.lib = "/store/gcc-lib";
  };
  pkgs = {
    tpm2-tss = "/store/tpm2-tss";
    libfido2 = "/store/libfido2";
    libargon2 = "/store/libargon2";
    callPackage =
      file: arguments:
      let
        wanted = import file;
        all = {
          inherit lib stdenv;
          autoPatchelfHook = "/store/auto-patchelf";
          jansson = "/store/jansson";
          pam = "/store/linux-pam";
          systemd = "/store/systemd";
          util-linux = "/store/util-linux";
          zlib = "/store/zlib";
        };
      in
      wanted (builtins.intersectAttrs (builtins.functionArgs wanted) all // arguments);
  };
  # The module with these settings, and the defaults of its options for the rest.
  evaluate =
    settings:
    let
      module = import ../nix/module.nix {
        inherit lib pkgs;
        config.services.himmelblau = defaults // settings;
      };
      defaults = builtins.mapAttrs (name: option: option.default or (throw "${name} is not set")) module.options.services.himmelblau;
    in
    module;
}
