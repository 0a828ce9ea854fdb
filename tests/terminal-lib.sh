# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Helpers of the scripts in tests/terminal: a terminal emulator.

python=
for p in python3 /usr/bin/python3; do
    if [ -z "$python" ] && "$p" -c 'import pyte' 2>/dev/null; then
        python=$p
    fi
done
[ -n "$python" ] || skip 'no python3-pyte'
"$python" -c 'import os; os.openpty()' 2>/dev/null || skip 'there are no terminals here'

# shown WORD...: what screen.py says; the last line of `said` is the exit status.
shown() { LC_ALL=C.UTF-8 "$python" "$SOURCE/tests/terminal/screen.py" "$@" 2>said || fail "$(cat said)"; }

# screen [--svg] COLUMNS LINES WORD...: what the terminal shows of otapack WORD... is in `screen`, the exit status in
# `status`.
screen() {
    local how=()
    [ "$1" != --svg ] || { how=(--svg); shift; }
    shown "${how[@]}" "$1" "$2" "$OTAPACK" "${@:3}" >screen
    status=$(tail -n 1 said)
}
