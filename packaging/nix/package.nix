# SPDX-License-Identifier: Apache-2.0
{ lib, stdenv, cmake, jansson, libdivsufsort, libmicrohttpd, libyaml, mbedtls, nettle, p11-kit, xz, zlib }:

let
  lines = lib.splitString "\n" (builtins.readFile ../../CMakeLists.txt);
  project = lib.findFirst (lib.hasPrefix "project(otapack VERSION ") null lines;
in
stdenv.mkDerivation {
  pname = "otapack";
  version = builtins.elemAt (lib.splitString " " project) 2;
  src = lib.cleanSource ../..;

  nativeBuildInputs = [ cmake ];
  buildInputs = [ jansson libdivsufsort libmicrohttpd libyaml mbedtls nettle p11-kit xz zlib ];
  cmakeFlags = [ "-DBUILD_TESTING=OFF" "-DOTAPACK_STATIC=OFF" ];

  # The libraries of tokens and of serve are loaded when they are first used.
  postFixup = lib.optionalString stdenv.hostPlatform.isLinux ''
    patchelf --add-rpath ${lib.getLib p11-kit}/lib:${lib.getLib libmicrohttpd}/lib $out/bin/otapack
  '';

  doInstallCheck = true;
  installCheckPhase = ''
    $out/bin/otapack verify ../fixtures/br/demo_br.bin
  '';

  meta = {
    description = "Build, inspect, sign and verify over-the-air firmware images";
    license = lib.licenses.asl20;
    mainProgram = "otapack";
    platforms = lib.platforms.unix;
  };
}
