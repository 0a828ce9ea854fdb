# SPDX-License-Identifier: Apache-2.0
#
# inspect on a terminal, as a terminal emulator shows it: at 80x24 and 120x40, narrow and wide. The screens are in
# screens/; SCREENS_WRITE=1 writes them anew, to be looked at.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/terminal-lib.sh"

# is_screen NAME: it is the one that was looked at.
is_screen() {
    local want=$SOURCE/tests/terminal/screens/$1.txt
    [ -z "${SCREENS_WRITE-}" ] || cp screen "$want"
    diff -u "$want" screen || fail "$1: the screen is another one (SCREENS_WRITE=1 keeps it)"
}

file() { cp "$FIXTURES/$1" "$2"; }
file rcp_image/good-with-signed-host.bin br-ota.bin
file esp_image/bad-esp-page-align.bin app.bin
file flash/good-merged-esp32.bin flash.bin
file esp8266/good-gzip-signed.bin plug.bin
file br/partition-table.bin table.bin

# Colours take no room: it is what a pipe gets. No line is broken by the terminal.
for columns in 40 50 80 120 160; do
    for name in br-ota app flash plug table; do
        screen $columns 40 inspect $name.bin
        LC_ALL=C.UTF-8 COLUMNS=$columns otapack inspect $name.bin >pipe || true
        shown --text $columns 40 pipe >want
        diff -u want screen || fail "$name, $columns columns: the terminal shows something else than the pipe gets"
        # A digest is one word, to be copied whole.
        if LC_ALL=C.UTF-8 grep -E "^.{$((columns + 1))}" pipe | grep -E '^ *[^ ].* '; then
            fail "$name, $columns columns: that is too long"
        fi
    done
done
screen 300 40 inspect br-ota.bin
[ "$(wc -L <screen)" -le 160 ] || fail 'lines are longer than one can read'

# As it was looked at.
for size in '50 24' '80 24' '120 40' '160 50'; do
    # shellcheck disable=SC2086 # two words
    screen $size inspect br-ota.bin
    [ "$status" = 0 ] || fail "exit status $status"
    is_screen "br-ota-${size/ /x}"
done
screen 80 24 inspect --brief app.bin
[ "$status" = 1 ] || fail "exit status $status"
is_screen app-brief-80x24
screen 80 24 inspect plug.bin
is_screen plug-80x24
screen 80 24 inspect table.bin
is_screen table-80x24

# The answer and the whole picture are on the first screen.
screen 80 24 inspect br-ota.bin
head -n 24 screen >first
for word in '^  signed ' '^  verdict ' '^  header ' '^  host '; do
    has_line "$word" first || fail "not on the first screen: $word"
done
