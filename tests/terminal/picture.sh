# SPDX-License-Identifier: Apache-2.0
#
# The README's picture is what the program shows on a terminal; SCREENS_WRITE=1 makes it anew.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/terminal-lib.sh"

picture=$SOURCE/packaging/picture/inspect.svg
cp "$FIXTURES/rcp_image/bad-rcp-version-match.bin" br-ota.bin
screen --svg 80 17 inspect br-ota.bin
[ -z "${SCREENS_WRITE-}" ] || cp screen "$picture"
diff -u "$picture" screen || fail 'the picture shows something else (SCREENS_WRITE=1 makes it anew)'
has_line 'packaging/picture/inspect.svg' "$SOURCE/README.md" || fail 'README.md does not show it'
