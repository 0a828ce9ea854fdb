# SPDX-License-Identifier: Apache-2.0
# Every prefix of the header, and every byte of it changed: inspect ends with a verdict, and the
# header is readable exactly where a device reads it.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
mkdir damaged
judged() { # judged IMAGE
    rm -rf damaged
    mkdir damaged
    matter mutants "$1" damaged >list
    status=0
    # shellcheck disable=SC2046 # one argument per file
    env -C damaged "$OTAPACK" inspect --json $(ls damaged) >out 2>err || status=$?
    [ "$status" -eq 1 ] || fail "damaged copies of $1: exit status $status instead of 1"
    refuse_err 'Sanitizer|runtime error'
    jq -r "$JQ"'.files[] | .file + " " + .root.format + " " + (if .root.format != "matter" then "other"
        elif ([.root | nodes | .checks[] | select(.id == "matter-header" and .verdict == "fail")] != [])
        then "refused" else "accepted" end) + " " + .verdict' out | sort >found
    sort list | awk '{ print $1, $2 }' >wanted
    # Where the magic number itself is damaged it is not a Matter image, but never found good.
    awk '$3 == "other" && $4 == "pass" { print; bad = 1 } END { exit bad }' found ||
        fail 'without the magic number, and good'
    awk '$3 != "other" { print $1, $3 }' found >judged
    [ "$(wc -l <judged)" -ge 200 ] || fail 'too few are read as Matter images'
    join wanted judged | awk '$2 != $3' >difference
    [ ! -s difference ] || fail "device (first) and otapack (second) differ: $(head -20 difference)"
    others=$(awk '$3 == "other" { print $1 }' found)
    for name in $others; do
        case $name in
            prefix-000[123].bin | byte-000[0123]-*.bin) ;;
            *) fail "$name: the magic number is right, but it is not read as a Matter image" ;;
        esac
    done
    # Nothing that a digest or a size guards is found good.
    awk '$4 == "pass" && /^prefix/ { print; bad = 1 } END { exit bad }' found ||
        fail 'a prefix is found good'
    [ "$(wc -l <found)" -eq "$(wc -l <list)" ] || fail 'not one verdict for each'
}
demo_matter plain.bin
judged plain.bin
demo_matter full.bin min=0 max=1 url=https://example.com/notes type=sha512 software_version=70000
judged full.bin
