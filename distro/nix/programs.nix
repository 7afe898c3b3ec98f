# Single sign-on in the sessions of users (part "sso"), or the menu entries of Microsoft 365 (part "o365"), from the tarball that
# distro/nix/tarball makes. Nothing is compiled here.
{
  lib,
  stdenv,
  autoPatchelfHook,
  systemd,
  jansson,
  src,
  part,
  version ? "unstable",
}:
stdenv.mkDerivation {
  pname = "himmelblau-${part}";
  inherit src version;

  nativeBuildInputs = [ autoPatchelfHook ];
  buildInputs = [
    jansson
    systemd
  ];

  dontConfigure = true;
  dontBuild = true;
  dontStrip = true;

  installPhase = ''
    runHook preInstall
    mkdir -p $out
    cp -a parts/${part}/. $out/
    for file in $(grep -rlE '/usr/s?bin/' $out --include=*.service --include=*.json --include=*.desktop); do
      substituteInPlace $file --replace /usr/sbin/ $out/bin/
      substituteInPlace $file --replace /usr/bin/aad-tool /run/current-system/sw/bin/aad-tool
      substituteInPlace $file --replace /usr/bin/ $out/bin/
    done
    runHook postInstall
  '';

  meta = {
    description = "Sign in to Linux with Microsoft Entra ID (${part})";
    license = lib.licenses.asl20;
    platforms = [ "x86_64-linux" ];
  };
}
