# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # its variables are for those who read it in
# Servers of a test, on this machine alone, which end with it.

# free_port: sets PORT.
free_port() {
    PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
}

# serve COMMAND...: in the background, with its log in ./log, until the script ends.
SERVERS=()
stop_servers() { [ ${#SERVERS[@]} -eq 0 ] || kill "${SERVERS[@]}" 2>/dev/null || :; }
trap stop_servers EXIT
serve() {
    "$@" >log 2>&1 &
    SERVERS+=($!)
    for _ in {1..100}; do
        if curl -s -o /dev/null "http://127.0.0.1:$PORT/"; then return; fi
        sleep 0.1
    done
    fail "no server is there: $* ($(<log))"
}
