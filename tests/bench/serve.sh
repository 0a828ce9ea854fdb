#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How fast otapack serve is, beside nginx with the same file on the same machine, and how much memory
# it takes: serve.sh [OTAPACK [NGINX]]
#
# Both serve one after the other, round by round. What is aimed at stands beside the result. This is
# a measurement and no test: it fails only where it cannot run.
#
#   ROUNDS   how many (15)
#   FILES    how many in each (400)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
otapack=${1:-$source/build/release/otapack}
nginx=${2:-nginx}
rounds=${ROUNDS:-15} files=${FILES:-400}

die() {
    echo "serve.sh: $1" >&2
    exit 2
}
command -v "$nginx" >/dev/null || die "$nginx: is not installed; name the program"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-bench.XXXXXX")
servers=
clean() {
    # shellcheck disable=SC2086 # two numbers
    [ -z "$servers" ] || kill $servers 2>/dev/null || true
    wait
    rm -rf "$scratch"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"${CC:-cc}" -std=c11 -O2 -o "$scratch/load" "$here/http_load.c" || die 'no C compiler (set CC)'

# An app of 1.8 MB: one of the fixtures, with more code. What helps the scripts knows how.
chmod 755 "$scratch" # nginx may read as somebody else
mkdir "$scratch/www"
cp "$source/fixtures/br/demo_br.bin" "$scratch/www/app.bin"
chmod 644 "$scratch/www/app.bin"
"${otapack%/*}/tests/cli-bytes" esp-grow "$scratch/www/app.bin" 1800000

"$otapack" serve "$scratch/www" --port 0 --log none >"$scratch/url" 2>/dev/null &
servers=$!
ours=$!
while [ ! -s "$scratch/url" ]; do
    kill -0 "$ours" 2>/dev/null || die 'otapack serve does not start'
    sleep 0.1
done
port=$(sed 's|.*:\([0-9]*\)/|\1|' "$scratch/url")

# start_nginx PORT: as Debian has it set up, but for the log.
start_nginx() {
    cat >"$scratch/nginx.conf" <<END
worker_processes auto;
daemon off;
pid nginx.pid;
error_log nginx.log;
events { worker_connections 768; }
http {
    sendfile on;
    tcp_nopush on;
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path tmp/1;
    proxy_temp_path tmp/2;
    fastcgi_temp_path tmp/3;
    uwsgi_temp_path tmp/4;
    scgi_temp_path tmp/5;
    server { listen 127.0.0.1:$1; root $scratch/www; }
}
END
    "$nginx" -p "$scratch" -c nginx.conf 2>"$scratch/nginx.err" &
    theirs=$!
    sleep 4 # it tries for two and a half seconds
    kill -0 "$theirs" 2>/dev/null
}
mkdir "$scratch/tmp"
other=$((port + 1))
until start_nginx "$other"; do
    other=$((other + 1))
    [ "$other" -lt $((port + 5)) ] || die "nginx does not start: $(cat "$scratch/nginx.err")"
done
servers="$ours $theirs"

echo "machine: $(nproc 2>/dev/null || echo '?') processors, load $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
echo "A is otapack serve, B $("$nginx" -v 2>&1 | sed 's/.*: //'); an app of $(wc -c <"$scratch/www/app.bin") bytes; aim: A / B >= 0.8"
# ticks PID: what this process and those that it started have had of the processors, in 1/100 s.
ticks() {
    cat "/proc/$1/stat" $(for child in $(cat "/proc/$1/task/$1/children"); do echo "/proc/$child/stat"; done) |
        sed 's/.*) //' | awk '{ n += $12 + $13 } END { print n }'
}
for connections in 1 8 64 200; do
    printf '%3d at a time: ' "$connections"
    [ ! -r "/proc/$ours/stat" ] || before="$(ticks "$ours") $(ticks "$theirs")"
    "$scratch/load" "$rounds" "$connections" "$files" "$port" "$other" /app.bin
    [ ! -r "/proc/$ours/stat" ] || echo "$before $(ticks "$ours") $(ticks "$theirs")" |
        awk '{ printf "               processor time: A %.2f s, B %.2f s\n", ($3 - $1) / 100, ($4 - $2) / 100 }'
done
if [ -r "/proc/$ours/status" ]; then
    echo "memory of otapack serve at its peak: $(sed -n 's/^VmHWM:[^0-9]*//p' "/proc/$ours/status")"
fi
