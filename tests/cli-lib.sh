# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # its variables are for those who read it in
# Helpers of the scripts in tests/cli. Each script is started as `bash -eu SCRIPT` in an empty scratch
# folder, with OTAPACK (the program), CLI_BYTES (tests/cli-bytes/, compiled), FIXTURES, SOURCE (the
# repo) and, where it is there, OTAPACK_VECTORS (real firmware) in the environment. Exit 77 = skipped,
# with the reason printed.
#
# A test's time goes into starting programs: what bash can look at by itself, it does, and a change of
# bytes is one call of cli-bytes. That knows the byte formats a little, on purpose: what a test
# expects must not come from the program under test.

[ -n "${CLI_BYTES-}" ] || { echo 'this runs by tests/run-cli.sh'; exit 2; }

export LC_ALL=C
# A sanitizer's own exit status is 1, which would pass for "the answer is no".
export ASAN_OPTIONS="exitcode=99:${ASAN_OPTIONS-}"
export UBSAN_OPTIONS="halt_on_error=1:exitcode=99:${UBSAN_OPTIONS-}"

RCP=$FIXTURES/rcp_build

otapack() { "$OTAPACK" "$@"; }

# ---- saying what went wrong ---------------------------------------------------------------------

last_command='(none)'

# fail MESSAGE: ends the test, with all that is needed to see why.
fail() {
    {
        printf 'FAILED: %s\n' "$1"
        printf 'last command: %s\n' "$last_command"
        for stream in out err; do
            [ -f "$stream" ] || continue
            printf -- '---- its std%s:\n' "$stream"
            head -c 3000 "$stream" | cat -v
        done
    } >&2
    exit 1
}

skip() {
    printf 'skipped: %s\n' "$1"
    exit 77
}

# need PROGRAM...: skips unless each is installed.
need() {
    for program; do
        command -v "$program" >/dev/null 2>&1 || skip "$program is not installed"
    done
}

# onlooker: sets ONLOOKER, the words before a command that is to look into an otapack that it starts:
# one with a secret can be looked into by root only, who may be one of a namespace of his own.
onlooker() {
    ONLOOKER=()
    [ "$(id -u)" = 0 ] && return
    if unshare -r true 2>/dev/null; then ONLOOKER=(unshare -r); else
        skip 'only root can look into a process that has a key'
    fi
}

# sanitized: the program was built with AddressSanitizer.
sanitized() { grep -aq __asan_init "$OTAPACK"; }

# lacks WORDS: otapack was built without what the file, the digest or the verb that these name takes: what
# is in compressed_image/ is packed by xz, not every library has SHA-3, and serve takes libmicrohttpd.
lacks() {
    local file said
    case $1 in
        serve) grep -aq 'serve cannot be used: this otapack was built without' "$OTAPACK"; return ;;
        *compressed_image/*) file=compressed_image/good-app.bin ;;
        *sha3*) file=matter/good-sha3-512.bin ;;
        *) return 1 ;;
    esac
    said=$("$OTAPACK" verify -q "$FIXTURES/$file" 2>&1) || :
    [[ $said == *'otapack was built without'* ]]
}

# vectors: sets VECTORS, or skips. have_vectors: sets it, or is false.
have_vectors() {
    VECTORS=${OTAPACK_VECTORS-$SOURCE/../shared/vectors}
    [ -f "$VECTORS/expected.json" ]
}
vectors() { have_vectors || skip 'no real firmware: OTAPACK_VECTORS is not set'; }

# ---- running ------------------------------------------------------------------------------------

# expect_exit N COMMAND...: runs it with stdout in ./out and stderr in ./err; anything but N fails.
expect_exit() {
    wanted=$1
    shift
    last_command=$*
    status=0
    "$@" >out 2>err || status=$?
    if [ -s err ] && has_line 'Sanitizer|runtime error:' err; then
        fail 'a sanitizer spoke'
    fi
    [ "$status" -eq "$wanted" ] || fail "exit status $status instead of $wanted"
}

# has_line REGEX FILE: what `grep -aEq` says, without starting it where the file is a short text.
# Status 2: the file cannot be read, or the expression is none.
has_line() {
    local text lines line
    # A file that has this many bytes, or a NUL, and what the shell does not take, are for grep.
    if [[ $1 == *$'\n'* ]] || IFS= read -r -d '' -n 16384 text <"$2" || ! is_regex "$1"; then
        grep -aEq -- "$1" "$2"
        return
    fi
    mapfile -t lines <"$2" || return 2
    for line in "${lines[@]}"; do
        if [[ $line =~ $1 ]]; then return 0; fi
    done
    return 1
}
is_regex() {
    local matched=0
    # shellcheck disable=SC2319 # the condition's status is what is wanted: 2, where it cannot be read
    [[ '' =~ $1 ]] || matched=$?
    [ "$matched" -le 1 ]
}

# has_no_line REGEX FILE
has_no_line() {
    local found=0
    has_line "$1" "$2" || found=$?
    [ "$found" -eq 1 ]
}

# expect_out REGEX, expect_err REGEX: a line of the last command's output matches (grep -E).
expect_out() { has_line "$1" out || fail "stdout has no line like: $1"; }
expect_err() { has_line "$1" err || fail "stderr has no line like: $1"; }
refuse_out() { has_no_line "$1" out || fail "stdout has a line like: $1"; }
refuse_err() { has_no_line "$1" err || fail "stderr has a line like: $1"; }
no_out() { [ ! -s out ] || fail 'stdout should be empty'; }
no_err() { [ ! -s err ] || fail 'stderr should be empty'; }

# out_is TEXT: stdout is exactly this (final newline aside).
out_is() { file_is out "$1" || fail "stdout should be: $1"; }

# file_is FILE TEXT: the file has exactly this text (final newline aside).
file_is() { [ "$(<"$1")" = "$2" ]; }

# err_lines REGEX: how many lines of stderr match.
err_lines() { grep -aEc -- "$1" err || true; }

# count_lines FILE [GLOB]: sets count, the number of lines, or of those that the pattern fits.
count_lines() {
    local line lines
    count=0
    mapfile -t lines <"$1"
    for line in "${lines[@]}"; do
        # shellcheck disable=SC2254 # a pattern
        case $line in ${2-*}) count=$((count + 1)) ;; esac
    done
}

# fits_80 FILE: no line is longer.
fits_80() {
    local line lines
    mapfile -t lines <"$1" || return 2
    for line in "${lines[@]}"; do
        if [ ${#line} -gt 80 ]; then return 1; fi
    done
}

# expect_one_line_err [REGEX]: exactly one line on stderr, which begins like our messages do, and is like
# this.
expect_one_line_err() {
    err_rest='' err_line=''
    { IFS= read -r err_line && ! IFS= read -r err_rest && [ -z "$err_rest" ]; } <err ||
        fail 'stderr should be exactly one line'
    case $err_line in
        'otapack: '?*) ;;
        *) fail 'stderr should begin with: otapack: ' ;;
    esac
    [ $# -eq 0 ] || expect_err "$1"
}

# ---- files --------------------------------------------------------------------------------------

no_file() { [ ! -e "$1" ] && [ ! -L "$1" ] || fail "$1 should not exist"; }
same() {
    local one other
    # Two short texts are compared here.
    if [ -r "$1" ] && [ -r "$2" ] && ! IFS= read -r -d '' -n 16384 one <"$1" &&
        ! IFS= read -r -d '' -n 16384 other <"$2" && [ "$one" = "$other" ]; then
        return 0
    fi
    cmp -s -- "$1" "$2" || fail "$1 and $2 should be the same: $(cmp -- "$1" "$2" 2>&1)"
}

# drop FILE...: as rm -f does, which is started for those that are there.
drop() {
    local file there=()
    for file; do
        if [ -e "$file" ] || [ -L "$file" ]; then there+=("$file"); fi
    done
    [ ${#there[@]} -eq 0 ] || rm -f -- "${there[@]}"
}

# text_to FILE: writes the text on stdin, without a program.
text_to() {
    local text
    IFS= read -r -d '' text || :
    printf '%s' "$text" >"$1"
}
size_of() { "$CLI_BYTES" size "$1"; }
sha256_of() { "$CLI_BYTES" sha256 "$1"; }

# folder_is FOLDER NAME...: exactly these names are in it: no temporary file stayed behind.
folder_is() {
    folder=$1 found=0
    shift
    for path in "$folder"/* "$folder"/.[!.]* "$folder"/..?*; do
        if [ -e "$path" ] || [ -L "$path" ]; then found=$((found + 1)); fi
    done
    for name; do
        [ -e "$folder/$name" ] || [ -L "$folder/$name" ] || found=none
    done
    [ "$found" = $# ] || fail "$folder holds '$(ls -A "$folder")' instead of '$*'"
}

# copy_folder FROM TO: anew, and so that it can be written to.
copy_folder() { "$CLI_BYTES" copy-folder "$@"; }

# state FOLDER: a line for each thing in it, with its kind and the digest of what it holds.
state() { "$CLI_BYTES" state "$1"; }

# inside FOLDER COMMAND...: run there.
inside() (
    cd "$1" && shift && exec "$@"
)

# cut_bytes FILE OFFSET LENGTH: to stdout.
cut_bytes() { "$CLI_BYTES" cut "$@"; }

# u8, u16, u32 FILE OFFSET: the number there, little-endian; nothing behind the file's end.
u8() { "$CLI_BYTES" u8 "$@"; }
u16() { "$CLI_BYTES" u16 "$@"; }
u32() { "$CLI_BYTES" u32 "$@"; }

# bytes NUMBER...: these bytes to stdout. u32le NUMBER...: four each.
bytes() {
    octal=
    for byte; do octal=$octal\\$((byte >> 6))$((byte >> 3 & 7))$((byte & 7)); done
    # shellcheck disable=SC2059 # the escapes are the format's
    printf "$octal"
}
u32le() {
    for number; do
        bytes $((number & 255)) $((number >> 8 & 255)) $((number >> 16 & 255)) $((number >> 24 & 255))
    done
}

# hex_bytes HEX: a digest as bytes.
hex_bytes() {
    local hex=$1 escapes=
    while [ -n "$hex" ]; do
        escapes+=\\x${hex:0:2}
        hex=${hex:2}
    done
    # shellcheck disable=SC2059 # the escapes are the format's
    printf "$escapes"
}

# fill LENGTH: erased flash.
fill() {
    local erased
    if [ "$1" -gt 5000 ]; then
        "$CLI_BYTES" fill "$1"
        return
    fi
    printf -v erased "%$1s" ''
    printf '%s' "${erased// /$'\377'}"
}

# overwrite FILE OFFSET: with stdin. poke FILE OFFSET BYTE...; poke32 FILE OFFSET NUMBER...
overwrite() { "$CLI_BYTES" overwrite "$@"; }
poke() { "$CLI_BYTES" poke "$@"; }
poke32() { "$CLI_BYTES" poke32 "$@"; }

# flip FILE OFFSET [BITS]: changes these bits (1) of a byte; -1 is the file's last one.
flip() { "$CLI_BYTES" flip "$@"; }

# ---- ESP images ---------------------------------------------------------------------------------

# Where the parts of an app lie in its file.
AT_CHIP_ID=12 AT_HASH_APPENDED=23 AT_DESC=32
AT_SECURE_VERSION=$((AT_DESC + 4)) AT_VERSION=$((AT_DESC + 16)) AT_PROJECT=$((AT_DESC + 48))
AT_IDF=$((AT_DESC + 112))

# esp_walk FILE: sets esp_last (header of the last segment), esp_data_end, esp_checksum_at, esp_end
# and esp_hashed.
esp_walk() {
    esp_walked=$("$CLI_BYTES" esp-walk "$1")
    read -r esp_last esp_data_end esp_checksum_at esp_end esp_hashed <<<"$esp_walked"
}

# esp_rehash FILE: makes the appended SHA-256 right again, if there is one.
esp_rehash() { "$CLI_BYTES" esp-rehash "$1"; }

# esp_header FILE OFFSET BYTE...: changes header bytes; the hash stays right.
esp_header() { "$CLI_BYTES" esp-header "$@"; }

xor() {
    xor=0
    for byte; do xor=$((xor ^ byte)); done
    echo "$xor"
}
xor_of() { "$CLI_BYTES" xor-of "$@"; }

# esp_data FILE OFFSET BYTE...: changes segment data; checksum and hash stay right. esp_put FILE
# OFFSET: with stdin.
esp_data() { "$CLI_BYTES" esp-data "$@"; }
esp_put() { "$CLI_BYTES" esp-put "$@"; }

# esp_text FILE OFFSET TEXT [LENGTH]: a NUL-padded text of the description (32 bytes).
esp_text() { "$CLI_BYTES" esp-text "$@"; }

# esp_grow FILE LENGTH: that many zero bytes (a multiple of 16) more in the last segment but one, an app's code.
esp_grow() { "$CLI_BYTES" esp-grow "$@"; }

# ---- partition tables ---------------------------------------------------------------------------

# pt_entry TYPE SUBTYPE OFFSET SIZE LABEL
pt_entry() {
    local label=${5:0:16}
    local zeros='\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
    bytes 0xaa 0x50 "$1" "$2"
    u32le "$3" "$4"
    printf "%s${zeros:${#label}*2}" "$label"
    u32le 0
}

# pt_finish FILE: entries on stdin; writes them with the MD5 and the fill.
pt_finish() { "$CLI_BYTES" pt-finish "$1"; }

# pt_table FILE TYPE SUBTYPE OFFSET SIZE LABEL...: five arguments for each entry.
pt_table() { "$CLI_BYTES" pt-table "$@"; }

# pt_remake FILE: makes the MD5 right again after a change.
pt_remake() { "$CLI_BYTES" pt-remake "$1"; }

# pt_app FILE: the offset, in the file, of the first app partition's entry.
pt_app() { "$CLI_BYTES" pt-app "$1"; }

# host_table FILE SLOT_SIZE STORAGE_SIZE: a border router's partition table.
host_table() {
    pt_table "$1" \
        1 2 0x9000 0x6000 nvs \
        1 0 0xf000 0x2000 otadata \
        1 1 0x11000 0x1000 phy_init \
        0 0x10 0x20000 "$2" ota_0 \
        0 0x11 0x600000 "$2" ota_1 \
        1 0x82 0xc00000 "$3" rcp_fw
}

# ---- RCP build folders and combined images ------------------------------------------------------

# copy_rcp FOLDER: a copy of the fixtures' RCP build folder that may be altered.
copy_rcp() { copy_folder "$RCP" "$1"; }

# rcp_part IMAGE TAG: that part of a combined image, to stdout; false when it has none.
rcp_part() { "$CLI_BYTES" rcp-part "$@"; }

# rcp_entry IMAGE TAG: where that entry of the table lies.
rcp_entry() { "$CLI_BYTES" rcp-entry "$@"; }

# rcp_folder IMAGE FOLDER: the RCP build folder that a combined image was made from.
rcp_folder() { "$CLI_BYTES" rcp-folder "$@"; }

# combined_fixture: a good combined image with host firmware. rcp_fixture: one without.
COMBINED=$FIXTURES/rcp_image/good-with-host.bin
combined_fixture() { echo "$COMBINED"; }
rcp_fixture() { echo "$FIXTURES/rcp_image/good-rcp-only.bin"; }

# host_firmware FILE: writes the host firmware of the fixtures there.
host_firmware() { rcp_part "$COMBINED" 5 >"$1"; }

# rcp_combine IMAGE TAG FILE...: a combined image of these parts.
rcp_combine() { "$CLI_BYTES" rcp-combine "$@"; }

# flash_at FOLDER OLD NEW: the flash_args of the fixtures with another address, in this build folder.
flash_at() {
    local text
    text=$(<"$RCP/flash_args")
    printf '%s\n' "${text/$'\n'$2 /$'\n'$3 }" >"$1/flash_args"
}

# reference_build FOLDER TARGET [HOST]: what create_ota_image.py writes, said once more.
reference_build() { "$CLI_BYTES" reference-build "$@"; }

# ---- builds that must be refused ----------------------------------------------------------------

# folders NAME...: makes those that are not there yet.
folders() {
    for folder; do
        if [ ! -d "$folder" ]; then mkdir "$folder"; fi
    done
}

# refuse ID PART ARGUMENT...: `otapack build` with these arguments exits 1 with a line that ends in
# [ID], names PART and says what to do; no target appears (in the folder none), an old one survives (in
# target), nothing is left.
refuse() {
    refused_id=$1 refused_part=$2
    shift 2
    folders none target
    expect_exit 1 otapack build "$@" --target-file none/ota.bin
    no_out
    expect_err "^otapack: .*\\[$refused_id\\]\$"
    local lines line named=
    mapfile -t lines <err
    for line in "${lines[@]}"; do
        if [[ $line == *"[$refused_id]" && $line =~ $refused_part ]]; then named=1; fi
    done
    [ -n "$named" ] || fail "the line with [$refused_id] does not name: $refused_part"
    expect_err "^otapack: .+; .+ \\[$refused_id\\]\$"
    folder_is none
    echo 'an earlier image' >target/ota.bin
    expect_exit 1 otapack build "$@" --target-file target/ota.bin
    file_is target/ota.bin 'an earlier image' || fail 'the old target was damaged'
    folder_is target ota.bin
}

# only_check ID: of the last command's messages no other check failed.
only_check() {
    local lines line failed='' others='' id='\[([a-z0-9]+(-[a-z0-9]+)+)\]$'
    mapfile -t lines <err
    for line in "${lines[@]}"; do
        if [[ $line =~ ^'otapack: '.*': warning: ' || ! $line =~ $id ]]; then continue; fi
        if [ "${BASH_REMATCH[1]}" = "$1" ]; then failed=$1; else others+=" ${BASH_REMATCH[1]}"; fi
    done
    [ "$failed$others" = "$1" ] || fail "these checks failed: $failed$others instead of $1 only"
}

# allow ID EXPECTED ARGUMENT...: with --allow ID the same build passes, warns, and has these bytes.
allow() {
    allowed_id=$1 allowed_bytes=$2
    shift 2
    folders target
    echo 'an earlier image' >target/ota.bin
    expect_exit 0 otapack build "$@" --allow "$allowed_id" --target-file target/ota.bin
    expect_err "^otapack: .*warning: .*\\[$allowed_id\\]\$"
    same "$allowed_bytes" target/ota.bin
    folder_is target ota.bin
}

# ---- looking into inspect --json ----------------------------------------------------------------

# Prepended to jq programs. nodes: a node and all below it. failing: IDs of checks not passed.
JQ='def nodes: recurse((.parts // {}) | .[] | if type == "array" then .[] else . end);
    def failing: [nodes | (.checks // [])[] | select(.verdict != "pass") | .id] | unique;
'

# look PROGRAM FILE...: runs jq -e with the definitions above.
look() {
    program=$1
    shift
    jq -e "$JQ$program" "$@"
}

# recipe_refused LINE:COLUMN REGEX: recipe.yaml is refused at this place, in one line, and builds
# nothing. "-": what is missing has no place.
recipe_refused() {
    expect_exit 2 otapack build recipe.yaml -o ota.bin
    no_out
    expect_one_line_err
    case $1 in
        -) expect_err '^otapack: recipe\.yaml:([0-9]+:[0-9]+:)? .' ;;
        *) expect_err "^otapack: recipe\\.yaml:$1: " ;;
    esac
    expect_err "$2"
    no_file ota.bin
}
