# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What a stream costs a chip: the bytes of its code, of its context and of the deepest stack, as the
# otapack-firmware(7) says them. This writes them there anew:
#   DOCS_WRITE=1 sh tests/run-cli.sh build/release/otapack . tests/firmware/size.sh
. "$SOURCE/tests/firmware/targets"
command -v python3 >/dev/null || { echo 'skipped: python3 is not installed' && exit 77; }

MOST_TEXT=4096 MOST_CONTEXT=512 MOST_STACK=256
page=$SOURCE/man/otapack-firmware.7
end=end # a comment of the page
wrong=0
echo '#include <otapack/stream.h>
struct otapack_stream context;' >context.c
table_of_functions functions.c

complain() {
    echo "$target: $1"
    wrong=$((wrong + 1))
}

# deepest PATHS: the bytes of the deepest of these.
deepest() { sort -rn "$1" | awk 'NR == 1 { print $1 }'; }

# at_most NUMBER LIMIT WHAT
at_most() { [ "$1" -le "$2" ] || complain "$3 is $1 bytes, over $2"; }

# Which chips those are, and where code and libc's functions are there: in flash, and in the ROM of
# those that have them in it. How far a call goes decides how long it is.
place() {
    case $target in
    RV32IMC) name='RV32IMC: ESP32-C2, C3' code=0x42000000 rom=0x40000354 ;;
    RV32IMAC) name='RV32IMAC: ESP32-C5, C6, H2' code=0x42000000 rom=0x40000354 ;;
    LX106) name='Xtensa LX106: ESP8266' code=0x40210000 rom=0x4000df48 ;;
    *) name=$target code=0x10000000 rom=0x10008000 ;;
    esac
}

# text_of OPTION...: the bytes of code and constants that are linked into a firmware. libgcc gives
# what compile.sh lets a compiler call of its own.
text_of() {
    compile "$cc" -std=c99 -Os -ffunction-sections -fdata-sections "$@" \
        -c -o receiver.o "$SOURCE/tests/firmware/receiver.c"
    compile "$cc" -Wl,--gc-sections -Wl,-Ttext="$code" -Wl,-e,receiver_push \
        -Wl,-u,receiver_start -Wl,-u,receiver_finish \
        -Wl,--defsym=memcpy="$rom",--defsym=memset="$rom",--defsym=memcmp="$rom" \
        -o receiver.elf receiver.o -lgcc
    "${prefix}size" receiver.elf | awk 'NR == 2 { print $1 }'
}

has_variables() { [ "$("${prefix}size" receiver.o | awk 'NR == 2 { print $2 + $3 }')" -gt 0 ]; }

# stack_of NAME FUNCTION...: lines "BYTES FUNCTION PATH OUTSIDE", from what gcc wrote beside NAME.o.
stack_of() {
    ci=$1.ci
    shift
    python3 "$SOURCE/tests/firmware/stack.py" "$ci" "$@"
}

# Of all functions, not only a stream's: none calls itself, none has a frame that grows, on any
# target where that is so on one.
all_functions() {
    compile "$cc" -std=c99 -Os -DOTAPACK_NO_NAMES -fcallgraph-info=su,da -c -o functions.o functions.c
    stack_of functions >all || complain 'a stack has no bound'
    asked=$(asks_for functions.o)
    [ -z "$asked" ] || complain "functions ask, with -Os, for:$asked"
    echo "$target: the deepest stacks of functions that are not a stream's:"
    grep -v 'otapack_stream_' all | sort -rn |
        awk '$1 > 0 { printf "%s %d  ", substr($2, 9), $1 } END { print "" }' | fold -s -w 100
}

measure() {
    place
    named=$(text_of)
    ! has_variables || complain 'there are variables'
    text=$(text_of -DOTAPACK_NO_NAMES -fcallgraph-info=su,da)
    compile "$cc" -std=c99 -c -o context.o context.c
    context=$((0x$("${prefix}nm" -S context.o | awk '$4 == "context" { print $2 }')))
    stack_of receiver receiver_start receiver_push receiver_finish >paths ||
        complain 'its stack has no bound'
    stack=$(deepest paths)
    version=$("$cc" -dumpfullversion)
    printf '%s\n' ".It \"$name\" Ta gcc $version Ta $text Ta $named Ta $context Ta $stack" >>rows
    at_most "$context" $MOST_CONTEXT 'struct otapack_stream'
    if [ "$target" = RV32IMC ]; then
        at_most "$text" $MOST_TEXT 'its code'
        at_most "$stack" $MOST_STACK 'its stack'
    fi
    compare
    echo "$target: the deepest stacks of a stream:"
    cut -f 1,3,4 paths
    [ -s all ] || all_functions
}

# An observer is called by what push calls through a pointer: its stack comes on top of that.
stack_with_observer() {
    stack_of receiver "$1" >observed || complain 'its stack has no bound'
    echo $(($(deepest paths) + $(deepest observed)))
}

# What the streams of containers cost where they are taken, all of it together: of the code of a
# stream, which is in each, there is one where a firmware takes several.
measure_more() {
    place
    version=$("$cc" -dumpfullversion)
    while read -r kind most_text most_context most_stack name; do
        text=$(text_of -DOTAPACK_NO_NAMES "-DRECEIVER_$kind" -fcallgraph-info=su,da)
        stack_of receiver receiver_start receiver_push receiver_finish >paths ||
            complain 'its stack has no bound'
        stack=$(deepest paths)
        case $kind in
        SIGNATURES) stack=$(stack_with_observer otapack_signatures_on_) ;;
        SEAL) stack=$(stack_with_observer otapack_seal_on_) ;;
        BUNDLE_SEAL) stack=$(stack_with_observer otapack_bundle_seal_on_) ;;
        esac
        compile "$cc" -std=c99 "-DRECEIVER_$kind" -DRECEIVER_CONTEXT -c -o context.o \
            "$SOURCE/tests/firmware/receiver.c"
        context=$((0x$("${prefix}nm" -S context.o | awk '$4 == "context" { print $2 }')))
        printf '%s\n' ".It \"$name\" Ta gcc $version Ta $text Ta $context Ta $stack" >>rows
        at_most "$text" "$most_text" "$name: its code"
        at_most "$context" "$most_context" "$name: its state"
        at_most "$stack" "$most_stack" "$name: its stack"
        compare
    done <<'END'
ALONE 4352 512 256 a bootloader or a table alone
ZIGBEE 5120 544 256 Zigbee files
BUNDLE 6144 560 304 Matter bundles
SIGNATURES 5120 2048 320 signatures
SEAL 5120 768 288 the seal of a radio's firmware
BUNDLE_SEAL 7168 768 384 Matter bundles, with a seal
END
}

# A row that another version of the compiler made says nothing of this one.
compare() {
    [ -z "${DOCS_WRITE-}" ] || return 0
    row=$(tail -n 1 rows)
    said=$(grep -F ".It \"$name\" " block) || said=
    case $said in
    "$row") ;;
    '') complain "the page has no row for it: $row" ;;
    ".It \"$name\" Ta gcc $version "*) complain "the page says $said instead of $row" ;;
    *) echo "skipped: $target: the page has what another compiler made, not $version" ;;
    esac
}

# rows_of_page PRINT: the page's rows, or the page with those measured now.
rows_of_page() {
    awk -v begin="$begin" -v end="$end" -v print_rows="$1" '
        substr($0, 5) == end { inside = 0 }
        inside == print_rows { print }
        substr($0, 5) == begin {
            inside = 1
            while (!print_rows && (getline line <"rows") > 0) print line
        }' "$page"
}

# table BEGIN MEASURE TARGET...: measures the rows behind BEGIN, compares or writes them.
table() {
    begin=$1
    shift
    rows_of_page 1 >block
    : >rows
    for_targets "$@"
    cat rows
    if [ -n "${DOCS_WRITE-}" ] && [ -s block ]; then
        rows_of_page 0 >new
        cmp -s new "$page" || cat new >"$page"
    fi
}

table 'firmware size' measure RV32IMC RV32IMAC LX106 Cortex-M0+
table 'firmware containers' measure_more RV32IMC
echo "$wrong wrong"
[ "$wrong" -eq 0 ]
