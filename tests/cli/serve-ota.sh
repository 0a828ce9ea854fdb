# SPDX-License-Identifier: Apache-2.0
# serve, as esp_https_ota asks: whole, in parts, cut off and taken up again, also from a server that
# was started anew, and while the file is replaced.
. "$SOURCE/tests/serve-lib.sh"

mkdir www
an_app www/app.bin 1.0
an_app other.bin 2.0
cp www/app.bin old.bin
serve www
device whole "${URL}app.bin" old.bin
device parts "${URL}app.bin" old.bin 65536
device parts "${URL}app.bin" old.bin 100000
device headless "${URL}app.bin" old.bin 65536
device resumed "${URL}app.bin" old.bin 65536
device replaced "${URL}app.bin" old.bin www/app.bin other.bin
device slow "${URL}app.bin" old.bin www/app.bin other.bin
[ ! -s said ] || fail 'something was said'

# Two devices behind one address, and more than are remembered.
cp old.bin www/two.bin
touch -d '2 hours ago' www/two.bin
device shared "${URL}two.bin" old.bin www/two.bin other.bin
cp old.bin www/many.bin
touch -d '2 hours ago' www/many.bin
if [ "$(uname)" = Linux ]; then # where each address of 127.0.0.0/8 is this machine
    device crowd "${URL}many.bin" old.bin www/many.bin other.bin 300
fi
[ ! -s said ] || fail 'something was said'
stop
expect_log '"GET /app\.bin HTTP/1\.1" 206 65536$'

# What a client finds in the headers.
cp other.bin www/app.bin
touch -d '2 hours ago' www/app.bin
serve www
device parts "${URL}app.bin" other.bin 65536
size=$(size_of other.bin)
tag=\"$(sha256_of other.bin)\"
device header "${URL}app.bin" -- "If-None-Match=W/\"x\", $tag" -- \
    'If-None-Match="x"' Range=bytes=0- -- "Range=bytes=100-$size" -- "Range=bytes=$size-" -- \
    Range=bytes=100- 'If-Range="x"' -- Range=bytes=200- "If-Range=$tag" -- 1.0 >out
[ "$(grep -x '[0-9]*' out | tr '\n' ' ')" = '200 304 206 206 416 200 206 200 ' ] || fail 'other answers'
expect_out "^etag: $tag\$"
expect_out "^content-length: $size\$"
expect_out '^accept-ranges: bytes$'
expect_out "^content-range: bytes 0-$((size - 1))/$size\$"
expect_out "^content-range: bytes 100-$((size - 1))/$size\$"
expect_out "^content-range: bytes \*/$size\$"
expect_out "^content-range: bytes 200-$((size - 1))/$size\$"
device header "${URL}app.bin" Range=bytes=9-5 -- Range=bytes= -- Range=bytes=a-b -- \
    Range=items=0-1 -- Range=bytes=0-1,5-6 -- Range=bytes=1 -- Range=bytes=--1 >out
[ "$(grep -cx 200 out)" -eq 7 ] || fail 'a wrong range is not answered with the whole file'
device raw "$URL" POST /app.bin >out
expect_out '^405$'
expect_out '^allow: GET, HEAD$'
device raw "$URL" PUT /app.bin Content-Length=99999999 >out # nobody waits for that
expect_out '^405$'
expect_said '^otapack: /app\.bin from .*: 405: '

# The server is started anew in the middle: the rest comes, but of a file that is another one since.
for modified in '2 hours ago' now; do
    cp other.bin www/app.bin
    touch -d "$modified" www/app.bin
    stop
    serve www
    device begin "${URL}app.bin" other.bin 65536
    if [ "$modified" = now ]; then cp old.bin www/app.bin; fi
    stop
    serve www
    device rest "${URL}app.bin" www/app.bin 65536 >>rests
done
[ "$(paste -sd ' ' rests)" = 'the rest the whole' ] || fail "otherwise: $(cat rests)"

# A server that is started anew knows nothing of who began with what, and goes on all the same.
port=${URL%/} port=${port##*:}
an_app www/long.bin 1.0
device header "${URL}long.bin" Range=bytes=0-1000 >out
stop
# (A job in the background ignores an interrupt, unless it is told not to.)
serve_as '' env --default-signal=INT "$OTAPACK" serve www --port "$port" --log json
[ "$URL" = "{\"event\":\"ready\",\"url\":\"http://127.0.0.1:$port/\"}" ] || fail "ready is $URL"
device header "http://127.0.0.1:$port/long.bin" Range=bytes=1000- >out
expect_out '^206$'
stop_by INT
expect_log '^\{"event":"request","time":"20[^"]+Z","from":"127\.0\.0\.1","method":"GET",.*"status":206,.*"sha256":"[0-9a-f]{64}"\}$'
