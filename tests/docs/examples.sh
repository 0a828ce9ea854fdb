# SPDX-License-Identifier: Apache-2.0
# Every example of README.md and of the manual pages is run, in order, in a copy of fixtures/, and its
# output and exit status are compared. What counts as an example: see blocks.awk. A command that fails
# must be followed by `$ echo $?`, which shows its status.
#
# When messages have changed on purpose, this writes the new output into the pages:
#   DOCS_WRITE=1 sh tests/run-cli.sh build/release/otapack . tests/docs/examples.sh
. "$SOURCE/tests/cli-lib.sh"

here=$PWD
mkdir bin
ln -s "$OTAPACK" bin/otapack
PATH=$here/bin:$PATH
unset -f otapack # the examples' own is the one in PATH

wrong=0 commands=0 pages=0 left_pages=0

complain() {
    printf '%s: %s\n' "$page:$line" "$1"
    wrong=$((wrong + 1))
}

# check_status: a status that is not 0 must be shown.
check_status() {
    if [ "$status" -ne 0 ] && [ "$text" != 'echo $?' ]; then
        complain "the command before this one ended with exit status $status, and no echo \$? shows it"
    fi
}

ended_with() { return "$1"; }

# as_shown FILE: in a manual page, lines that are wider than its columns are broken as wrap.awk does it.
as_shown() {
    local line lines
    [ "$mdoc" -eq 1 ] || return 0
    mapfile -t lines <"$1"
    for line in "${lines[@]}"; do
        if [ ${#line} -gt $columns ]; then
            awk -v width=$columns -f "$SOURCE/tests/docs/wrap.awk" "$1" >"$1.wrapped"
            mv "$1.wrapped" "$1"
            return
        fi
    done
}

# leave_out WHAT: otapack was built without it. The rest of the page is passed over, for it may be about
# what this command would have made.
leave_out() {
    left_out=$1 left_pages=$((left_pages + 1)) status=0
    printf '%s:%s: from here on not looked at, without %s: %s\n' "$page" "$line" "$1" "$text"
}

# matches WANT GOT: the same, or by match.awk's judgement, which knows "...".
matches() {
    local want got
    if ! IFS= read -r -d '' want <"$1" && ! IFS= read -r -d '' got <"$2" && [ "$want" = "$got" ]; then
        return 0
    fi
    awk -f "$SOURCE/tests/docs/match.awk" "$1" "$2"
}

# The commands of a page run in this very shell, so that $? is what it is for a reader.
run_command() {
    [ -z "$left_out" ] || return 0
    text=$(<"$blocks/$number.cmd")
    check_status
    if [[ $text == 'otapack serve '*'&' ]] && lacks serve; then # others wait for it
        leave_out libmicrohttpd
        return
    fi
    # shellcheck disable=SC2294 # only whether it can be read: it is not called
    eval "unused() {
        $text
    }" || { complain "this is no command: $text" && return; }
    { export COLUMNS=$columns; ended_with "$status"; eval "$text"; } >"$blocks/$number.got" 2>&1 </dev/null 3<&-
    status=$?
    [ "$text" != 'echo $?' ] || status=0
    if has_line 'this otapack was built without' "$blocks/$number.got"; then
        leave_out "$(sed -n 's/.*this otapack was built without \([a-z0-9_-]*\).*/\1/p' "$blocks/$number.got")"
        return
    fi
    as_shown "$blocks/$number.got"
    commands=$((commands + 1))
    if has_line 'Sanitizer|runtime error:' "$blocks/$number.got"; then
        complain "a sanitizer spoke"
        cat "$blocks/$number.got"
    elif [ -z "${DOCS_WRITE-}" ] &&
        ! matches "$blocks/$number.want" "$blocks/$number.got"; then
        complain "this is not what '$text' prints (- the page, + the program):"
        diff -u "$blocks/$number.want" "$blocks/$number.got" | tail -n +4
    fi
}

run_page() {
    status=0 left_out=
    while read -r kind number line rest <&3; do
        case $kind in
        file) cp "$blocks/$number.file" "$line" ;;
        run) run_command ;;
        esac
    done 3<"$blocks/order"
    text=
    check_status
    files_are_used
}

# A file that a page shows must be used by a command of that page; C with these flags.
files_are_used() {
    while read -r kind number name rest; do
        [ "$kind" = file ] || continue
        case $name in
        *.c) pattern="^cc -std=c99 -Wall -Wextra -Werror .*$name\$" ;;
        *) pattern=" $name" ;;
        esac
        grep -q -- "$pattern" "$blocks"/*.cmd ||
            complain "$name is shown, but no command uses it"
    done <"$blocks/order"
}

for page in "$SOURCE"/README.md "$SOURCE"/man/*.[1-9]; do
    case $page in
    *.md) mdoc=0 columns=80 ;;
    *) mdoc=1 columns=75 ;; # a terminal's 80, less the indent of the page's text
    esac
    pages=$((pages + 1))
    blocks=$here/blocks/$pages
    work=$here/work/$pages
    mkdir -p "$blocks" "$here/work"
    copy_folder "$FIXTURES" "$work"
    ln -s "$SOURCE/include" "$work/include"
    : >"$blocks/order"
    awk -v mdoc=$mdoc -v to="$blocks" -f "$SOURCE/tests/docs/blocks.awk" "$page"
    before=$commands
    cd "$work"
    set +e
    run_page
    set -e
    cd "$here"
    case $page in
    *.md | *.1)
        [ "$commands" -gt "$before" ] || [ -n "$left_out" ] || { line=1; complain 'there is no example on this page'; }
        ;;
    esac
    if [ -n "${DOCS_WRITE-}" ]; then
        awk -v mdoc=$mdoc -v got="$blocks" -f "$SOURCE/tests/docs/blocks.awk" "$page" >new
        cmp -s new "$page" || { cat new >"$page" && echo "$page: written anew"; }
    fi
done

[ "$commands" -gt 30 ] || { echo "only $commands commands were found"; exit 1; }
echo "$commands commands in $pages pages, $wrong wrong"
[ "$wrong" -eq 0 ] || exit 1
[ "$left_pages" -eq 0 ] || skip "what $left_pages pages show from where otapack was built without it"
