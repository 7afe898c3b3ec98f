# The files of all packages, from the tarball that distro/nix/tarball makes of what distro/stage lays out: built programs and
# a Java runtime of its own, patched to this system's loader and libraries. Nothing is compiled here.
{
  lib,
  stdenv,
  autoPatchelfHook,
  pam,
  util-linux,
  zlib,
  src,
  version ? "unstable",
}:
stdenv.mkDerivation {
  pname = "himmelblau";
  inherit src version;

  nativeBuildInputs = [ autoPatchelfHook ];
  buildInputs = [
    pam
    stdenv.cc.cc.lib
    zlib
  ];

  dontConfigure = true;
  dontBuild = true;
  dontStrip = true;

  installPhase = ''
    runHook preInstall
    mkdir -p $out
    cp -a bin lib share $out/
    # It knows the size and time of each jar, and this store sets the times.
    rm -f $out/lib/himmelblau/lib/*.aot $out/lib/himmelblau/lib/*.jsa
    # The module says it: this systemd is always new enough, and runs generators from elsewhere.
    rm -rf $out/lib/systemd/system-generators
    for unit in $out/lib/systemd/system/*.service; do
      substituteInPlace $unit --replace /usr/lib/himmelblau $out/lib/himmelblau
    done
    substituteInPlace $out/lib/systemd/system/himmelblaud.service --replace ExecReload=kill ExecReload=${util-linux}/bin/kill
    runHook postInstall
  '';

  meta = {
    description = "Sign in to Linux with Microsoft Entra ID";
    license = lib.licenses.asl20;
    platforms = [ "x86_64-linux" ];
    mainProgram = "aad-tool";
  };
}
