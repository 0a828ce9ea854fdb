# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034 # its variables are for those who read it in
# Helpers of the tests of Matter images: what they expect comes from matter.py.
. "$SOURCE/tests/cli-lib.sh"

if [ -x /usr/bin/python3 ]; then PYTHON=/usr/bin/python3; else PYTHON=python3; fi
need "$PYTHON"
matter() { "$PYTHON" -ISB "$SOURCE/tests/matter.py" "$@"; }

# The digest types, by number.
TYPES='sha256 sha256_128 sha256_120 sha256_96 sha256_64 sha256_32 sha384 sha512 sha3_224 sha3_256
    sha3_384 sha3_512'

# demo_app FILE VERSION: an app (ESP32-S3) with this version. demo_matter FILE [KEY=VALUE...]: a good
# image around app.bin of version 2.0, which it makes.
demo_app() {
    cp "$FIXTURES/br/demo_br.bin" "$1"
    chmod u+w "$1"
    esp_text "$1" $AT_VERSION "$2"
}
demo_matter() {
    [ -f app.bin ] || demo_app app.bin 2.0
    demo_target=$1
    shift
    matter make "$demo_target" app.bin "$@"
}

# has_check VERDICT ID: the tree in ./out (inspect --json) has this check with this verdict.
has_check() {
    look "[.files[].root | nodes | .checks[] | select(.id == \"$2\" and .verdict == \"$1\")] != []" \
        out >/dev/null || fail "no check $2 with verdict $1"
}

# remedy ID: a line of stderr ends in [ID] and has, before it, what to do.
remedy() { expect_err "^otapack: .+; .+ \\[$1\\]\$"; }

# no_findings: the last command's stderr has no failed check and no warning; build says its line there.
no_findings() { refuse_err 'warning:|\[[a-z0-9]+(-[a-z0-9]+)+\]$'; }
