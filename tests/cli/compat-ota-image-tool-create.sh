# SPDX-License-Identifier: Apache-2.0
# compat ota_image_tool create: that script's options, all of them; several inputs one behind the other;
# silent; the same bytes. It fails where the script does, with its exit status, and writes nothing then.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
create() { otapack compat ota_image_tool create "$@"; }
set -- -v 0xFFF1 -p 0x8000 -vn 2 -vs 2.0 -da sha256
made() { # made "MAKE-ARGUMENTS" CREATE-ARGUMENT...
    # shellcheck disable=SC2086 # one argument per word
    matter make expected.bin payload.bin $1
    shift
    drop ota.bin
    expect_exit 0 create "$@"
    no_out
    same expected.bin ota.bin
}
cp app.bin payload.bin
made '' "$@" app.bin ota.bin
no_findings
made '' --vendor-id 0xFFF1 --product-id 0x8000 --version 2 --version-str 2.0 --digest-algorithm sha256 \
    app.bin ota.bin
for type in sha256 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512; do
    if lacks "$type"; then continue; fi
    made "type=$type" -v 65521 -p 32768 -vn 2 -vs 2.0 -da "$type" app.bin ota.bin
done
made 'min=0 max=1 url=https://example.com/n' "$@" -mi 0 -ma 1 -rn https://example.com/n app.bin ota.bin
made 'min=1 max=1' "$@" --min-version 1 --max-version 1 app.bin ota.bin
made 'url=http://example.com' "$@" -rn http://example.com app.bin ota.bin
expect_err 'warning: .*\[matter-release-notes-https\]$'
made 'url=https://example.com' "$@" --release-notes=https://example.com app.bin ota.bin

# Several inputs. What no device's software is, and an app of another version: only warnings.
printf 'one ' >one.bin
printf 'two' >two.bin
: >none.bin
cat one.bin app.bin two.bin >payload.bin
made '' "$@" one.bin app.bin none.bin two.bin ota.bin
expect_err 'warning: .*\[matter-payload\]$'
cp app.bin payload.bin
made 'software_version_string=other' -v 0xFFF1 -p 0x8000 -vn 2 -vs other -da sha256 app.bin ota.bin
expect_err 'warning: .*\[matter-version-match\]$'
cat one.bin one.bin >payload.bin
made '' "$@" one.bin one.bin ota.bin

# Failures: status 1, nothing is written, what was there stays.
failed() { # failed STATUS REGEX CREATE-ARGUMENT...
    failed_status=$1 failed_regex=$2
    shift 2
    drop ota.bin
    expect_exit "$failed_status" create "$@" app.bin ota.bin
    no_out
    expect_err "^otapack: .*$failed_regex"
    no_file ota.bin
    echo earlier >ota.bin
    expect_exit "$failed_status" create "$@" app.bin ota.bin
    [ "$(<ota.bin)" = earlier ] || fail 'the earlier file was touched'
    rm ota.bin
}
failed 1 '\[matter-ids\]$' "$@" -v 0
failed 1 '\[matter-ids\]$' "$@" -p 0x0
failed 1 '\[matter-version-string\]$' "$@" -vs ''
failed 1 '\[matter-(version-string|header)\]$' "$@" -vs "$(head -c 65 /dev/zero | tr '\0' v)"
failed 1 '\[matter-range\]$' "$@" -mi 2
failed 1 '\[matter-range\]$' "$@" -ma 2
failed 1 '\[matter-range\]$' "$@" -vn 9 -mi 3 -ma 2
failed 1 '\[matter-release-notes\]$' "$@" -rn ''
failed 1 '\[matter-(release-notes|header)\]$' "$@" -rn "https://$(head -c 249 /dev/zero | tr '\0' n)"
failed 2 'digest-algorithm|-da|md5' "$@" -da md5
failed 2 'vendor-id|-v|one' "$@" -v one
failed 2 'vendor-id|-v|010' "$@" -v 010
failed 2 'version|-vn|2\.0' "$@" -vn 2.0
failed 2 'bogus' "$@" --bogus
# Numbers that the script writes, though no device reads them, or stumbles over.
for wrong in '-v 65536' '-p 70000' '-vn 4294967296' '-mi -1' '-vn -1'; do
    status=0
    # shellcheck disable=SC2086 # two arguments
    create "$@" $wrong app.bin ota.bin >out 2>err || status=$?
    case $status in 1 | 2) ;; *) fail "$wrong: exit status $status" ;; esac
    expect_err '^otapack: .'
    no_file ota.bin
done

# What must be there.
for left_out in 1 3 5 7 9; do
    position=1 arguments=
    for argument; do
        case $position in
            "$left_out" | $((left_out + 1))) ;;
            *) arguments="$arguments $argument" ;;
        esac
        position=$((position + 1))
    done
    # shellcheck disable=SC2086 # one argument per word
    expect_exit 2 create $arguments app.bin ota.bin
    expect_one_line_err
    no_file ota.bin
done
expect_exit 2 create "$@"
expect_exit 2 create "$@" app.bin
expect_exit 2 otapack compat ota_image_tool
expect_exit 2 otapack compat ota_image_tool creat "$@" app.bin ota.bin
expect_err 'create'

# Files. The script's exit status for them is 1; for otapack it is 2, as everywhere.
for files in 'nofile.bin ota.bin' 'app.bin missing/ota.bin' 'app.bin nofile.bin ota.bin'; do
    # shellcheck disable=SC2086 # one argument per word
    expect_exit 2 create "$@" $files
    expect_one_line_err
    no_file ota.bin
    no_file missing
done
# An input as output: the script would read what it has begun to write.
cp app.bin copy.bin
expect_exit 2 create "$@" copy.bin copy.bin
same app.bin copy.bin
