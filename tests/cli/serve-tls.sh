# SPDX-License-Identifier: Apache-2.0
# serve over HTTPS: with a certificate for the address, as ESP-IDF's examples want it.
. "$SOURCE/tests/serve-lib.sh"
need openssl curl

mkdir www
an_app www/app.bin
# certificate NAME KEY...: NAME.crt and NAME.key for 127.0.0.1.
certificate() {
    openssl req -x509 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$1.key" -out "$1.crt" -newkey "${@:2}" 2>openssl.err || { cat openssl.err; fail 'openssl'; }
    chmod 600 "$1.key"
}
certificate ec ec -pkeyopt ec_paramgen_curve:P-256
serve www --tls-cert ec.crt --tls-key ec.key
case $URL in https://127.0.0.1:*) ;; *) fail "the address is $URL" ;; esac
curl -s --cacert ec.crt -o got.bin "${URL}app.bin"
same got.bin www/app.bin
# What ESP-IDF 6 can still do: ECDHE with P-256, TLS 1.2 and 1.3.
for version in --tls-max\ 1.2 --tlsv1.3; do
    # shellcheck disable=SC2086 # words
    curl -s --cacert ec.crt --curves P-256 $version -r 70000- -o part.bin "${URL}app.bin"
    cut_bytes www/app.bin 70000 "$(($(size_of www/app.bin) - 70000))" >wanted.bin
    same part.bin wanted.bin
done
status=0
curl -s --cacert ec.crt -o got.bin "http${URL#https}app.bin" || status=$?
[ "$status" -ne 0 ] || fail 'HTTPS is served as HTTP, too'
stop
[ ! -s said ] || fail 'something was said'

# Not the key of this certificate; one that others can read.
certificate other ec -pkeyopt ec_paramgen_curve:P-256
expect_exit 2 otapack serve www --tls-cert ec.crt --tls-key other.key --port 0 --timeout 1
expect_one_line_err
expect_err 'no server starts with these; is it the key of the certificate'
chmod 644 ec.key
serve www --tls-cert ec.crt --tls-key ec.key
expect_said '^otapack: ec\.key: warning: '
stop
