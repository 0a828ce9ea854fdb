# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034 # its variables are for those who read it in
# Helpers of the scripts in tests/cli. Each script is started as `sh -eu SCRIPT` in an empty scratch
# folder, with OTAPACK (the program), FIXTURES, SOURCE (the repo) and, where it is there,
# OTAPACK_VECTORS (real firmware) in the environment. Exit 77 = skipped, with the reason printed.
#
# The functions below know the byte formats a little, on purpose: what a test expects must not come
# from the program under test. They need only coreutils, dash and jq.

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

# many_runs: for a script that runs inspect hundreds of times. LeakSanitizer takes two thirds of each
# run, and cli-inspect-json has it look at every fixture.
many_runs() { ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0; }

# sanitized: the program was built with AddressSanitizer.
sanitized() { grep -aq __asan_init "$OTAPACK"; }

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
    if [ -s err ] && grep -aq 'Sanitizer\|runtime error:' err; then
        fail 'a sanitizer spoke'
    fi
    [ "$status" -eq "$wanted" ] || fail "exit status $status instead of $wanted"
}

# expect_out REGEX, expect_err REGEX: a line of the last command's output matches (grep -E).
expect_out() { grep -aEq -- "$1" out || fail "stdout has no line like: $1"; }
expect_err() { grep -aEq -- "$1" err || fail "stderr has no line like: $1"; }
refuse_out() { ! grep -aEq -- "$1" out || fail "stdout has a line like: $1"; }
refuse_err() { ! grep -aEq -- "$1" err || fail "stderr has a line like: $1"; }
no_out() { [ ! -s out ] || fail 'stdout should be empty'; }
no_err() { [ ! -s err ] || fail 'stderr should be empty'; }

# out_is TEXT: stdout is exactly this (final newline aside).
out_is() { [ "$(cat out)" = "$1" ] || fail "stdout should be: $1"; }

# err_lines REGEX: how many lines of stderr match.
err_lines() { grep -aEc -- "$1" err || true; }

# expect_one_line_err: exactly one line on stderr, and it begins like our messages do.
expect_one_line_err() {
    err_rest='' err_line=''
    { IFS= read -r err_line && ! IFS= read -r err_rest && [ -z "$err_rest" ]; } <err ||
        fail 'stderr should be exactly one line'
    case $err_line in
        'otapack: '?*) ;;
        *) fail 'stderr should begin with: otapack: ' ;;
    esac
}

# ---- files --------------------------------------------------------------------------------------

no_file() { [ ! -e "$1" ] && [ ! -L "$1" ] || fail "$1 should not exist"; }
same() { cmp -s -- "$1" "$2" || fail "$1 and $2 should be the same: $(cmp -- "$1" "$2" 2>&1)"; }
size_of() { wc -c <"$1" | tr -d ' '; }
sha256_of() { sha256sum <"$1" | cut -d' ' -f1; }

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

# cut_bytes FILE OFFSET LENGTH: to stdout.
cut_bytes() { tail -c "+$(($2 + 1))" "$1" | head -c "$3"; }

# u8, u16, u32 FILE OFFSET: the number there, little-endian; nothing behind the file's end. od is
# called with blanks dropped by the shell: most of a test's time goes into starting programs.
# shellcheck disable=SC2046,SC2005
u8() { echo $(od -An -tu1 -j "$2" -N 1 "$1"); }
# shellcheck disable=SC2046,SC2005
u16() { echo $(od -An -tu2 --endian=little -j "$2" -N 2 "$1"); }
# shellcheck disable=SC2046,SC2005
u32() { echo $(od -An -tu4 --endian=little -j "$2" -N 4 "$1"); }

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
    hex=$1
    set --
    while [ -n "$hex" ]; do
        hex_rest=${hex#??}
        set -- "$@" "0x${hex%"$hex_rest"}"
        hex=$hex_rest
    done
    bytes "$@"
}

# fill LENGTH: erased flash.
fill() { head -c "$1" /dev/zero | tr '\0' '\377'; }

# overwrite FILE OFFSET: with stdin. poke FILE OFFSET BYTE...; poke32 FILE OFFSET NUMBER...
overwrite() { dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }
poke() {
    poked=$1 poked_at=$2
    shift 2
    bytes "$@" | overwrite "$poked" "$poked_at"
}
poke32() {
    poked=$1 poked_at=$2
    shift 2
    u32le "$@" | overwrite "$poked" "$poked_at"
}

# ---- ESP images ---------------------------------------------------------------------------------

# Where the parts of an app lie in its file.
AT_CHIP_ID=12 AT_HASH_APPENDED=23 AT_DESC=32
AT_SECURE_VERSION=$((AT_DESC + 4)) AT_VERSION=$((AT_DESC + 16)) AT_PROJECT=$((AT_DESC + 48))
AT_IDF=$((AT_DESC + 112))

# esp_walk FILE: sets esp_last (header of the last segment), esp_data_end, esp_checksum_at, esp_end
# and esp_hashed.
esp_walk() {
    esp_walked=$1 esp_data_end=24 esp_last=24
    # shellcheck disable=SC2046 # one argument per byte of the header
    set -- $(od -An -v -tu1 -N 24 "$esp_walked")
    esp_left=$2
    shift $AT_HASH_APPENDED
    esp_hashed=$1
    while [ "$esp_left" -gt 0 ]; do
        esp_last=$esp_data_end
        esp_segment=$(od -An -tu4 --endian=little -j $((esp_last + 4)) -N 4 "$esp_walked")
        esp_data_end=$((esp_last + 8 + esp_segment))
        esp_left=$((esp_left - 1))
    done
    esp_checksum_at=$((esp_data_end / 16 * 16 + 15))
    esp_end=$((esp_checksum_at + 1 + 32 * esp_hashed))
}

# esp_rehash FILE: makes the appended SHA-256 right again, if there is one.
esp_rehash() {
    esp_walk "$1"
    esp_rehash_walked "$1"
}
esp_rehash_walked() {
    [ "$esp_hashed" -eq 1 ] || return 0
    esp_hash=$(head -c $((esp_checksum_at + 1)) "$1" | sha256sum)
    hex_bytes "${esp_hash%% *}" |
        overwrite "$1" $((esp_checksum_at + 1))
}

# esp_header FILE OFFSET BYTE...: changes header bytes; the hash stays right.
esp_header() {
    poke "$@"
    esp_rehash "$1"
}

xor() {
    xor=0
    for byte; do xor=$((xor ^ byte)); done
    echo "$xor"
}
# shellcheck disable=SC2046 # one argument per byte
xor_of() { xor $(od -An -v -tu1 -j "$2" -N "$3" "$1"); }

# esp_data FILE OFFSET BYTE...: changes segment data; checksum and hash stay right.
esp_data() {
    esp_file=$1 esp_at=$2 esp_count=$(($# - 2))
    esp_before=$(xor_of "$esp_file" "$esp_at" "$esp_count")
    poke "$@"
    shift 2
    esp_after=$(xor "$@")
    esp_walk "$esp_file"
    poke "$esp_file" "$esp_checksum_at" \
        $(($(u8 "$esp_file" "$esp_checksum_at") ^ esp_before ^ esp_after))
    esp_rehash_walked "$esp_file"
}

# esp_text FILE OFFSET TEXT [LENGTH]: a NUL-padded text of the description (32 bytes).
esp_text() {
    esp_length=${4-32}
    # shellcheck disable=SC2046 # one argument per byte
    esp_data "$1" "$2" $(
        { printf '%s' "$3"; head -c "$esp_length" /dev/zero; } | head -c "$esp_length" |
            od -An -v -tu1
    )
}

# esp_grow FILE LENGTH: that many zero bytes (a multiple of 16) more in the last segment.
esp_grow() {
    esp_walk "$1"
    {
        head -c "$esp_data_end" "$1"
        head -c "$2" /dev/zero
        tail -c "+$((esp_data_end + 1))" "$1"
    } >"$1.grown"
    mv "$1.grown" "$1"
    poke32 "$1" $((esp_last + 4)) $(($(u32 "$1" $((esp_last + 4))) + $2))
    esp_rehash "$1"
}

# ---- partition tables ---------------------------------------------------------------------------

# pt_entry TYPE SUBTYPE OFFSET SIZE LABEL
pt_entry() {
    bytes 0xaa 0x50 "$1" "$2"
    u32le $(($3)) $(($4))
    { printf '%s' "$5"; head -c 16 /dev/zero; } | head -c 16
    u32le 0
}

# pt_finish FILE: entries on stdin; writes them with the MD5 and the fill.
pt_finish() {
    cat >"$1.entries"
    {
        cat "$1.entries"
        bytes 0xeb 0xeb
        fill 14
        hex_bytes "$(md5sum <"$1.entries" | cut -d' ' -f1)"
        fill 3072
    } | head -c 3072 >"$1"
    rm "$1.entries"
}

# pt_remake FILE: makes the MD5 right again after a change.
pt_remake() {
    pt_end=0
    while [ "$(u16 "$1" $pt_end)" -eq $((0x50aa)) ]; do pt_end=$((pt_end + 32)); done
    head -c "$pt_end" "$1" >"$1.head"
    pt_finish "$1" <"$1.head"
    rm "$1.head"
}

# pt_app FILE: the offset, in the file, of the first app partition's entry.
pt_app() {
    pt_at=0
    while [ "$(u8 "$1" $((pt_at + 2)))" -ne 0 ]; do pt_at=$((pt_at + 32)); done
    echo "$pt_at"
}

# host_table FILE SLOT_SIZE STORAGE_SIZE: a border router's partition table.
host_table() {
    {
        pt_entry 1 2 0x9000 0x6000 nvs
        pt_entry 1 0 0xf000 0x2000 otadata
        pt_entry 1 1 0x11000 0x1000 phy_init
        pt_entry 0 0x10 0x20000 "$2" ota_0
        pt_entry 0 0x11 0x600000 "$2" ota_1
        pt_entry 1 0x82 0xc00000 "$3" rcp_fw
    } | pt_finish "$1"
}

# ---- RCP build folders and combined images ------------------------------------------------------

# copy_rcp FOLDER: a copy of the fixtures' RCP build folder that may be altered.
copy_rcp() {
    rm -rf "$1"
    cp -R "$RCP" "$1"
    chmod -R u+w "$1"
}

# rcp_part IMAGE TAG: that part of a combined image, to stdout; false when it has none.
rcp_part() {
    rcp_at=12 rcp_end=$(u32 "$1" 4)
    while [ "$rcp_at" -lt "$rcp_end" ]; do
        if [ "$(u32 "$1" "$rcp_at")" -eq "$2" ]; then
            cut_bytes "$1" "$(u32 "$1" $((rcp_at + 8)))" "$(u32 "$1" $((rcp_at + 4)))"
            return 0
        fi
        rcp_at=$((rcp_at + 12))
    done
    return 1
}

# rcp_entry IMAGE TAG: where that entry of the table lies.
rcp_entry() {
    rcp_at=12
    while [ "$(u32 "$1" "$rcp_at")" -ne "$2" ]; do rcp_at=$((rcp_at + 12)); done
    echo "$rcp_at"
}

# rcp_folder IMAGE FOLDER: the RCP build folder that a combined image was made from.
rcp_folder() {
    mkdir -p "$2/bootloader" "$2/partition_table"
    rcp_part "$1" 0 >"$2/rcp_version"
    rcp_part "$1" 1 >"$2/records"
    rcp_part "$1" 2 >"$2/bootloader/bootloader.bin"
    rcp_part "$1" 3 >"$2/partition_table/partition-table.bin"
    rcp_part "$1" 4 >"$2/esp_ot_rcp.bin"
    echo '--flash_mode dio --flash_freq 48m --flash_size 4MB' >"$2/flash_args"
    rcp_record=0
    while [ "$rcp_record" -lt "$(size_of "$2/records")" ]; do
        case $(u32 "$2/records" "$rcp_record") in
            2) rcp_name=bootloader/bootloader.bin ;;
            3) rcp_name=partition_table/partition-table.bin ;;
            4) rcp_name=esp_ot_rcp.bin ;;
            *) fail "$1: a flash argument for an unknown part" ;;
        esac
        printf '0x%x %s\n' "$(u32 "$2/records" $((rcp_record + 4)))" "$rcp_name" >>"$2/flash_args"
        rcp_record=$((rcp_record + 8))
    done
    rm "$2/records"
}

# combined_fixture: a good combined image with host firmware. rcp_fixture: one without.
combined_fixture() { echo "$FIXTURES/rcp_image/good-with-host.bin"; }
rcp_fixture() { echo "$FIXTURES/rcp_image/good-rcp-only.bin"; }

# host_firmware FILE: writes the host firmware of the fixtures there.
host_firmware() { rcp_part "$(combined_fixture)" 5 >"$1"; }

# reference_build FOLDER TARGET [HOST]: what create_ota_image.py writes, said once more in shell.
reference_build() {
    ref_table=$((${3:+12} + 72)) ref_at=0
    {
        ref_entry 255 "$ref_table"
        ref_entry 0 "$(size_of "$1/rcp_version")"
        ref_entry 1 24
        ref_entry 2 "$(size_of "$1/bootloader/bootloader.bin")"
        ref_entry 3 "$(size_of "$1/partition_table/partition-table.bin")"
        ref_entry 4 "$(size_of "$1/esp_ot_rcp.bin")"
        if [ -n "${3-}" ]; then ref_entry 5 "$(size_of "$3")"; fi
        cat "$1/rcp_version"
        tail -n +2 "$1/flash_args" | while read -r ref_address ref_path; do
            case $ref_path in
                *bootloader*) u32le 2 $((ref_address)) ;;
                *partition_table*) u32le 3 $((ref_address)) ;;
                *) u32le 4 $((ref_address)) ;;
            esac
        done
        cat "$1/bootloader/bootloader.bin" "$1/partition_table/partition-table.bin" \
            "$1/esp_ot_rcp.bin" ${3:+"$3"}
    } >"$2"
}
ref_entry() {
    u32le "$1" "$2" "$ref_at"
    ref_at=$((ref_at + $2))
}

# ---- builds that must be refused ----------------------------------------------------------------

# refuse ID PART ARGUMENT...: `otapack build` with these arguments exits 1 with a line that ends in
# [ID], names PART and says what to do; no target appears, an old one survives, nothing is left.
refuse() {
    refused_id=$1 refused_part=$2
    shift 2
    rm -rf target
    mkdir target
    expect_exit 1 otapack build "$@" --target-file target/ota.bin
    no_out
    expect_err "^otapack: .*\\[$refused_id\\]\$"
    grep -aE "\\[$refused_id\\]\$" err | grep -aEq -- "$refused_part" ||
        fail "the line with [$refused_id] does not name: $refused_part"
    expect_err "^otapack: .+; .+ \\[$refused_id\\]\$"
    folder_is target
    echo 'an earlier image' >target/ota.bin
    expect_exit 1 otapack build "$@" --target-file target/ota.bin
    [ "$(cat target/ota.bin)" = 'an earlier image' ] || fail 'the old target was damaged'
    folder_is target ota.bin
}

# only_check ID: of the last command's messages no other check failed.
only_check() {
    others=$(grep -aEv "^otapack: .*: warning: " err | grep -aoE '\[[a-z0-9]+(-[a-z0-9]+)+\]$' |
        sort -u | tr '\n' ' ')
    [ "$others" = "[$1] " ] || fail "these checks failed: ${others}instead of [$1] only"
}

# allow ID EXPECTED ARGUMENT...: with --allow ID the same build passes, warns, and has these bytes.
allow() {
    allowed_id=$1 allowed_bytes=$2
    shift 2
    rm -rf target
    mkdir target
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
