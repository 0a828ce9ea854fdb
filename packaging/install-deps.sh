#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what otapack needs from the distribution: Debian 12, Debian 13 and what descends from
# them. Does nothing, and asks for no rights, when everything is there.
#
#   install-deps.sh           what the build needs
#   install-deps.sh --test    and what the tests need
#   install-deps.sh --deb     and what packaging/debian/test.sh needs
#   install-deps.sh --ci      and all of that, and what .ci/run needs (analysers, more compilers, debootstrap)
#   install-deps.sh --web     and the browser in which pages are tested, and what packaging/web/build.sh
#                             needs
#   install-deps.sh --portable   and what packaging/portable/build.sh, release.sh and their test need
set -eu

libraries='libc6-dev libmbedtls-dev libyaml-dev libjansson-dev zlib1g-dev liblzma-dev nettle-dev
    libdivsufsort-dev libp11-kit-dev libmicrohttpd-dev'
tools='cc:gcc make:make cmake:cmake' # COMMAND:PACKAGE; the command may come from elsewhere
servers=                             # SERVICE:PACKAGE of those which only tests start

add_test() {
    libraries="$libraries libcmocka-dev python3-kconfiglib"
    tools="$tools g++:g++ nm:binutils jq:jq mandoc:mandoc python3:python3 curl:curl
        openssl:openssl softhsm2-util:softhsm2 pkcs11-tool:opensc
        ninja:ninja-build pkg-config:pkgconf"
}

add_deb() {
    libraries="$libraries build-essential debhelper" # by these names dpkg-buildpackage asks for them
    tools="$tools git:git lintian:lintian pkg-config:pkgconf"
}

add_web() {
    tools="$tools chromium:chromium python3:python3 emcc:emscripten git:git dpkg-source:dpkg-dev m4:m4"
}

add_ci() {
    libraries="$libraries libclang-rt-dev python3-jsonschema python3-pyte python3-yaml valgrind"
    tools="$tools clang:clang clang++:clang clang-format:clang-format clang-tidy:clang-tidy
        cppcheck:cppcheck git:git debootstrap:debootstrap hyperfine:hyperfine
        frama-c:frama-c-base ccache:ccache scons:scons zsh:zsh fish:fish
        ruby:ruby nix-instantiate:nix-bin skopeo:skopeo docker-registry:docker-registry
        /usr/sbin/nginx:nginx-light"
    servers='nginx:nginx-light docker-registry:docker-registry'
    # The chips' processors, and a big-endian one; qemu-user runs them. apt takes gcc-multilib away
    # for PowerPC's compiler; nothing here needs it, not even -m32.
    tools="$tools riscv64-unknown-elf-gcc:gcc-riscv64-unknown-elf
        xtensa-lx106-elf-gcc:gcc-xtensa-lx106 arm-none-eabi-gcc:gcc-arm-none-eabi
        powerpc-linux-gnu-gcc:gcc-powerpc-linux-gnu powerpc-linux-gnu-g++:g++-powerpc-linux-gnu
        qemu-riscv32:qemu-user"
}

# The processors and systems that binaries are made for, and what runs them.
add_portable() {
    libraries="$libraries libc6-dev-arm64-cross"
    tools="$tools git:git dpkg-source:dpkg-dev aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu
        x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64 qemu-aarch64:qemu-user zip:zip m4:m4
        /usr/lib/wine/wine64:wine64 jq:jq"
}

for option; do
    case $option in
    --test) add_test ;;
    --deb) add_deb ;;
    --web) add_web ;;
    --ci) add_test && add_deb && add_web && add_ci ;;
    --portable) add_portable ;;
    *)
        echo "usage: install-deps.sh [--test] [--deb] [--web] [--ci] [--portable]" >&2
        exit 2
        ;;
    esac
done

if ! command -v apt-get >/dev/null; then
    echo "install-deps.sh: no apt-get here; CMake will name what is missing" >&2
    exit 0
fi

missing=
for library in $libraries; do
    status=$(dpkg-query -W -f '${Status}' "$library" 2>/dev/null) || status=
    [ "$status" = "install ok installed" ] || missing="$missing $library"
done
for tool in $tools; do
    command -v "${tool%%:*}" >/dev/null || missing="$missing ${tool#*:}"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root() { "$@"; }
elif command -v sudo >/dev/null; then
    as_root() { sudo "$@"; }
else
    echo "install-deps.sh: not root, and no sudo here; as root: apt-get install$missing" >&2
    exit 2
fi

# The names end up as one list of words; apt itself sorts out the double ones.
echo "Installing:$missing"
apt_log=$(mktemp)
trap 'rm -f "$apt_log"' EXIT
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >"$apt_log" 2>&1 </dev/null || {
        cat "$apt_log" >&2
        echo "install-deps.sh: apt-get $* failed" >&2
        exit 2
    }
}

# Debian starts a server when it is installed, and whenever the machine starts.
policy=/usr/sbin/policy-rc.d
if [ -n "$servers" ] && [ ! -e "$policy" ]; then
    trap 'rm -f "$apt_log"; as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
fi
apt update
# shellcheck disable=SC2086
apt install --no-install-recommends $missing
for server in $servers; do
    case "$missing " in *" ${server#*:} "*) as_root update-rc.d "${server%%:*}" disable ;; esac
done
