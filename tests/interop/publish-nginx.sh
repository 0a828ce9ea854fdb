# SPDX-License-Identifier: Apache-2.0
# nginx serves what publish --to folder writes, by the lines of the manual: to a device that loads in
# pieces and goes on where it was broken off, and while a newer file is published.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/server-lib.sh"
need nginx curl jq python3

cp "$FIXTURES/matter/good-signed.bin" light.ota
mkdir www
expect_exit 0 otapack publish light.ota --to folder -o www/ota

free_port
mkdir logs
{
    cat <<END
daemon off;
pid $PWD/nginx.pid;
error_log stderr;
events {}
http {
access_log off;
client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
server { listen 127.0.0.1:$PORT; root $PWD/www;
END
    grep -E '^location ' "$SOURCE/man/otapack-publish.1"
    echo '} }'
} >nginx.conf
[ "$(id -u)" != 0 ] || sed -i "1i user $(id -un);" nginx.conf
serve nginx -p "$PWD" -c "$PWD/nginx.conf"
base=http://127.0.0.1:$PORT/ota

path=$(curl -fsS "$base/latest.json" | jq -r '.files[0].path')
get() { curl -fsS "$@"; }
get -D headers "$base/$path" >came
same light.ota came
grep -qi '^cache-control: public, immutable' headers || fail 'a file may not be kept'
get -D headers "$base/latest.json" >/dev/null
grep -qi '^cache-control: no-cache' headers || fail 'latest.json may be kept'

# HEAD, then the length by one byte, as esp_https_ota asks; then the rest of a broken download.
size=$(size_of light.ota)
get -I "$base/$path" | grep -qi "^content-length: $size" || fail 'HEAD has no length'
get -D headers -r 0-0 "$base/$path" >came
grep -qi "^content-range: bytes 0-0/$size" headers || fail 'no length for one byte'
head -c 5000 light.ota >came
get -C - -o came "$base/$path"
same light.ota came

# Whoever has read latest.json gets that file, also when a newer one is there.
otapack edit light.ota --set software_version=9 -o newer.ota -q
expect_exit 0 otapack publish newer.ota --to folder -o www/ota
get "$base/$path" >came
same light.ota came
get "$base/$(get "$base/latest.json" | jq -r '.files[0].path')" >came
same newer.ota came
