# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # its variables are for those who read it in
# Helpers of the tests of otapack serve: a server in the background, and devices that ask it.
. "$SOURCE/tests/cli-lib.sh"

if [ -x /usr/bin/python3 ]; then PYTHON=/usr/bin/python3; else PYTHON=python3; fi
need "$PYTHON"
device() { "$PYTHON" -ISB "$SOURCE/tests/device_client.py" "$@"; }

# serve ARGUMENT...: starts otapack serve, at a port that is free, and sets URL once it is ready. Its
# output is in ./log and ./said. serve_as NAME COMMAND...: the same of a whole command, its output in
# NAME.log and NAME.said.
SERVERS=()
serve() { serve_as '' "$OTAPACK" serve --port 0 "$@"; }
serve_as() {
    local name=$1${1:+.}
    shift
    last_command=$*
    drop "${name}log" # it could have the address of another one
    "$@" >"${name}log" 2>"${name}said" &
    SERVER=$!
    SERVERS+=("$SERVER")
    URL=''
    for _ in {1..600}; do
        if { IFS= read -r URL <"${name}log"; } 2>/dev/null && [ -n "$URL" ]; then return; fi
        kill -0 "$SERVER" 2>/dev/null || break
        sleep 0.02
    done
    cat "${name}said" >&2
    case $(<"${name}said") in *'built without'*) skip 'this otapack was built without libmicrohttpd' ;; esac
    fail 'the server does not start'
}

# stop: ends the last one, and looks at its exit status: 0. stop_by SIGNAL: the same.
stop() { stop_by TERM; }
stop_by() {
    local ended=0
    kill -"$1" "$SERVER"
    wait "$SERVER" || ended=$?
    [ "$ended" -eq 0 ] || fail "the server ended with $ended"
    has_no_line 'Sanitizer|runtime error:' said || fail 'a sanitizer spoke'
}
stop_all() {
    for server in "${SERVERS[@]}"; do
        kill -KILL "$server" 2>/dev/null || true
    done
}
trap stop_all EXIT

# an_app FILE [VERSION]: an app of some 300 KB, no multiple of what is sent at once.
an_app() {
    cp "$FIXTURES/br/demo_br.bin" "$1"
    chmod u+w "$1"
    esp_grow "$1" 300000
    esp_text "$1" "$AT_VERSION" "${2-1.0}"
    touch -d '2 hours ago' "$1"
}

# expect_log REGEX, expect_said REGEX: a line of the server's output.
expect_log() { has_line "$1" log || { cat log >&2; fail "the log has no line like: $1"; }; }
expect_said() { has_line "$1" said || { cat said >&2; fail "nothing was said like: $1"; }; }
