# SPDX-License-Identifier: Apache-2.0
# compat espsecure takes its arguments in the forms of both generations of the original: options
# shortened, joined to their values, in any order; several values behind one option.
. "$SOURCE/tests/cli-lib.sh"

A=a.pem B=b.pem
for key in a b; do
    cp "$FIXTURES/keys/ecdsa-p256-$key.pem" $key.pem
    chmod 600 $key.pem
done
esp_walk "$FIXTURES/secure_boot/good-ecdsa-p256-x2.bin"
head -c "$esp_end" "$FIXTURES/secure_boot/good-ecdsa-p256-x2.bin" >app.bin
espsecure() { otapack compat espsecure "$@"; }

expect_exit 0 otapack sign app.bin --key "$A" -o one.bin
expect_exit 0 otapack sign app.bin --key "$A" --key "$B" -o two.bin
made() { # made EXPECTED ARGUMENT...: ECDSA signatures are the same each time
    expected=$1
    shift
    drop out.bin
    expect_exit 0 espsecure "$@"
    same "$expected" out.bin
}
failed() { # failed ARGUMENT...
    drop out.bin
    expect_exit 2 espsecure "$@"
    expect_one_line_err
    no_file out.bin
}
made one.bin sign_data --version 2 --keyfile "$A" --output out.bin app.bin
made one.bin sign-data --version 2 --keyfile "$A" --output out.bin app.bin
made one.bin sign_data --version=2 --keyfile="$A" --output=out.bin app.bin
made one.bin sign_data --vers 2 --key "$A" --out out.bin app.bin
made one.bin sign_data --v=2 --k="$A" --o=out.bin app.bin
made one.bin sign_data app.bin -v 2 -o out.bin -k "$A"
made one.bin sign_data -v2 "-k$A" -oout.bin app.bin
made one.bin sign_data "-k$A" app.bin -v=2 -o=out.bin
made one.bin sign_data -v 2 -o out.bin -k "$A" -- app.bin
made one.bin sign_data -k "$A" -v 2 -o out.bin app.bin
made one.bin sign_data -av2 -o out.bin -k "$A" -- app.bin
made one.bin sign_data -v 2 "-ak$A" -o out.bin app.bin
# A value that is joined is the only one.
made one.bin sign_data -v 2 -o out.bin "--keyfile=$A" app.bin
# The last of an option holds.
made one.bin sign_data -v 1 -v 2 -o other.bin -o out.bin -k "$A" -- app.bin
no_file other.bin

made two.bin sign_data -v 2 -k "$A" "$B" -o out.bin app.bin
made two.bin sign_data app.bin -v 2 -o out.bin --keyfile "$A" "$B"
made two.bin sign-data -v 2 -k "$A" -k "$B" -o out.bin app.bin
made two.bin sign_data -v 2 -k "$A" --keyf "$B" -o out.bin app.bin
made two.bin sign_data -v 2 "--keyfile=$A" "-k$B" -o out.bin app.bin
made two.bin sign_data -v 2 -ak "$A" "$B" -o out.bin app.bin

for append in -a --append_signatures --append-signatures --append --app; do
    made two.bin sign_data -v 2 -k "$B" $append -o out.bin one.bin
done
for command in verify_signature verify-signature; do
    expect_exit 0 espsecure $command -v 2 -k "$A" one.bin
    expect_exit 0 espsecure $command -v2 "--keyf=$A" --skip-padding one.bin
    expect_exit 1 espsecure $command -v 2 -k "$B" one.bin
done
expect_exit 0 espsecure signature-info-v2 one.bin
expect_exit 0 otapack compat espsecure.py signature_info_v2 one.bin
expect_exit 0 otapack compat /opt/esptool/espsecure.py signature_info_v2 one.bin
expect_exit 0 otapack compat espsecure.py verify_signature --version 2 --keyfile "$A" one.bin

# All words up to the next option are keys: in the original too, the file is then missing.
failed sign_data -v 2 -o out.bin -k "$A" app.bin
expect_err 'needs a file; name it before --keyfile'
failed sign_data -v 2 -o out.bin -k -- app.bin
failed sign_data -v 2 -o out.bin app.bin -k
failed sign_data -v 2 -o out.bin app.bin -k -a
failed sign_data -v 2 app.bin -k "$A" -o
failed sign_data -v 2 app.bin -o -k "$A"
failed sign_data -v 2 -o out.bin app.bin
failed sign_data -k "$A" -o out.bin app.bin
failed sign_data -v 3 -k "$A" -o out.bin app.bin
failed sign_data -v 2 -k "$A" -o out.bin app.bin other.bin
failed sign_data -v 2 -k "$A" -o out.bin --nothing app.bin
failed sign_data -v 2 -k "$A" -o out.bin -x app.bin
failed sign_data -v 2 -k "$A" --hs -o out.bin app.bin # --hsm or --hsm-config
failed sign_data -v 2 -k "$A" --append=1 -o out.bin app.bin
failed sign_data -v 2 -k nofile.pem -o out.bin app.bin
failed sign_data -v 2 -k "$A" -o out.bin nofile.bin
failed sign_data -v 2 -k "$A" -o nofolder/out.bin app.bin
failed sign_data -v 2 -k "$A.pub.pem" -o out.bin app.bin
failed sign_data -v 2 -k "$FIXTURES/keys/ecdsa-p256-a.pub.pem" -o out.bin app.bin
failed verify_signature -v 2 one.bin
failed verify_signature -k "$A" one.bin
failed verify_signature -v 2 -k "$A" "$B" one.bin
failed verify_signature -v 2 -k "$A" nofile.bin
failed signature_info_v2
failed signature_info_v2 -v 2 one.bin
failed signature_info_v2 nofile.bin
failed nothing
failed encrypt_flash_data --keyfile "$A" app.bin
failed

expect_exit 0 espsecure --help
expect_out 'signature_info_v2'
for command in sign_data verify_signature signature_info_v2 generate_signing_key extract_public_key \
    digest_sbv2_public_key digest_rsa_public_key; do
    expect_exit 0 espsecure $command --help
    expect_out "^usage: otapack compat espsecure $command "
    expect_exit 0 espsecure "$(echo $command | tr _ -)" -h
done
