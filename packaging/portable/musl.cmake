# SPDX-License-Identifier: Apache-2.0
#
# What x86_64-linux.cmake and aarch64-linux.cmake share: a Debian compiler, with musl as its libc.
# OTAPACK_MUSL is where musl-dev lies, OTAPACK_PREFIX where the libraries are (libraries.sh).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES OTAPACK_MUSL OTAPACK_PREFIX)
set(CMAKE_C_COMPILER ${processor}-linux-gnu-gcc)
set(CMAKE_SYSTEM_PROCESSOR ${processor})
set(CMAKE_C_FLAGS_INIT
    "-specs ${OTAPACK_MUSL}/usr/lib/${processor}-linux-musl/musl-gcc.specs")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")
set(CMAKE_FIND_ROOT_PATH ${OTAPACK_PREFIX})
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
