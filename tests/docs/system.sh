# SPDX-License-Identifier: Apache-2.0
#
# What the program asks of its system stands behind src/base/os.h: nothing else in src/ includes a
# header that not every system has, or asks which system it is compiled for. (dlfcn.h loads
# p11-kit and libmicrohttpd, and is compiled only with one of them.)
. "$SOURCE/tests/cli-lib.sh"

answers='/src/base/(posix|linux|plain|portable|windows|sockets)/'
find "$SOURCE/src" -name '*.[ch]' | grep -Ev "$answers" | sort >files
[ "$(wc -l <files)" -gt 250 ] || fail 'hardly any sources were found'
mapfile -t files <files

# Those of C11 without threads and the like, and strings.h, which mingw-w64 has too.
standard='assert|ctype|errno|inttypes|limits|stdarg|stdbool|stddef|stdint|stdio|stdlib|string|time|strings'
libraries='otapack/[a-z0-9_]+|psa/[a-z]+|mbedtls/[a-z0-9]+|nettle/[a-z0-9-]+|p11-kit/[a-z0-9-]+|divsufsort|jansson|microhttpd|yaml|zlib|lzma'
grep -nE '^ *# *include <' "${files[@]}" |
    grep -vE "<($standard|$libraries)\.h>" >others || true
allowed='/src/base/os\.h:.*<sys/types\.h>|/src/base/library\.c:.*<dlfcn\.h>'
grep -vE "$allowed" others >wrong || true
[ ! -s wrong ] || fail "a system's header outside of src/base/'s folders for it: $(cat wrong)"
[ "$(wc -l <others)" -eq 2 ] || fail 'what is allowed is not there'

grep -nE '^ *# *(if|elif).*(__linux__|__APPLE__|_WIN32|__MINGW|__unix__|BSD)' "${files[@]}" >wrong || true
[ ! -s wrong ] || fail "it asks which system this is: $(cat wrong)"

# Each of its answers has them all: what os.h declares is there once for each system.
grep -oE '\bos_[a-z_]+\(' "$SOURCE/src/base/os.h" | sort -u >declared
[ "$(wc -l <declared)" -gt 40 ] || fail 'os.h declares hardly anything'
for system in 'posix linux sockets' 'posix plain portable sockets' 'windows portable sockets'; do
    for folder in $system; do
        grep -hoE '^[a-z][a-z0-9_ ]*[ *]+os_[a-z_]+\(' "$SOURCE/src/base/$folder"/*.c
    done | grep -oE 'os_[a-z_]+\(' | sort >answered
    uniq -d answered >twice
    [ ! -s twice ] || fail "$system: twice: $(cat twice)"
    diff declared answered >differ || fail "$system: declared (<), answered (>): $(cat differ)"
done
