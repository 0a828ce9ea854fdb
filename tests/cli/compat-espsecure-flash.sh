# SPDX-License-Identifier: Apache-2.0
# compat espsecure encrypts what a device with flash encryption has in its flash, decrypts it again,
# and makes the keys for that. What holds of every key and address is in tests/laws/law_flash_*.c.
. "$SOURCE/tests/cli-lib.sh"

APP=$FIXTURES/esp_image/good-app-esp32.bin
espsecure() { otapack compat espsecure "$@"; }

# As a person would, with each generation's words: an ESP32, and a later chip.
expect_exit 0 espsecure generate_flash_encryption_key esp32.key
no_err
out_is 'Writing 256 random bits to key file "esp32.key".'
[ "$(size_of esp32.key)" -eq 32 ] || fail 'not 32 bytes'
[ "$(stat -c %a esp32.key)" = 600 ] || fail 'others can read the key'
expect_exit 0 espsecure encrypt_flash_data --keyfile esp32.key --address 0x10000 --output flash.bin "$APP"
no_err
out_is 'Using 256-bit key.'
[ "$(size_of flash.bin)" -eq "$(size_of "$APP")" ] || fail 'not as long as the app'
if cmp -s "$APP" flash.bin; then fail 'not encrypted'; fi
expect_exit 0 espsecure decrypt_flash_data --keyfile esp32.key --address 0x10000 --output back.bin flash.bin
same "$APP" back.bin

expect_exit 0 espsecure generate-flash-encryption-key --keylen 512 s3.key
expect_exit 0 espsecure encrypt-flash-data --aes-xts --keyfile s3.key --address 0x10000 \
    --output flash.bin "$APP"
out_is 'Using 512-bit key.'
expect_exit 0 espsecure decrypt-flash-data -xk s3.key -a 0x10000 -o back.bin flash.bin
same "$APP" back.bin
# Another key, and another address, make nothing of it.
expect_exit 0 espsecure decrypt-flash-data -xk esp32.key -a 0x10000 -o back.bin flash.bin
if cmp -s "$APP" back.bin; then fail 'another key'; fi
expect_exit 0 espsecure decrypt-flash-data -xk s3.key -a 0x20000 -o back.bin flash.bin
if cmp -s "$APP" back.bin; then fail 'another address'; fi

# A key that is there is not written over.
cp s3.key before.key
expect_exit 2 espsecure generate_flash_encryption_key s3.key
expect_one_line_err
expect_err 's3\.key: is there already, and a key is not written over; '
same before.key s3.key

# The key of a private key is the same each time, and may be written again.
cp "$FIXTURES/keys/ecdsa-p256-a.pem" key.pem
chmod 600 key.pem
for _ in 1 2; do
    expect_exit 0 espsecure digest_private_key --keyfile key.pem digest.key
    out_is 'SHA-256 digest of private key "key.pem" written to "digest.key".'
done
[ "$(stat -c %a digest.key)" = 600 ] || fail 'others can read the digest'
expect_exit 0 espsecure encrypt_flash_data -k digest.key -a 0 -o flash.bin "$APP"

# Encrypted keys come with their passphrase.
export OTAPACK_PASSPHRASE
OTAPACK_PASSPHRASE=$(<"$FIXTURES/keys/passphrase.txt")
cp "$FIXTURES/keys/ecdsa-p256-a.encrypted.pem" encrypted.pem
chmod 600 encrypted.pem
expect_exit 0 espsecure digest_private_key -k encrypted.pem other.key
same digest.key other.key
unset OTAPACK_PASSPHRASE

# Mistakes leave what is there as it is.
refused() { # refused STATUS REGEX ARGUMENT...
    local wanted=$1 regex=$2
    shift 2
    printf earlier >target.bin
    expect_exit "$wanted" espsecure "$@"
    expect_one_line_err
    expect_err "$regex"
    no_out
    file_is target.bin earlier || fail 'the target was written'
}
head -c 37 "$APP" >odd.bin
head -c 31 esp32.key >short.key
refused 2 'wrong length \(31 bytes\), 16, 24, 32 or 64 expected' \
    encrypt_flash_data -k short.key -a 0 -o target.bin "$APP"
refused 2 'Use --aes_xts for other chips' encrypt_flash_data -k s3.key -a 0 -o target.bin "$APP"
refused 2 '0x10008 must be a multiple of 16' encrypt_flash_data -k esp32.key -a 0x10008 -o target.bin "$APP"
refused 2 'Input data length \(37\) must be' encrypt_flash_data -xk esp32.key -a 0 -o target.bin odd.bin
refused 2 'Data length is not a multiple' decrypt_flash_data -k esp32.key -a 0 -o target.bin odd.bin
refused 2 'is not a valid integer' decrypt_flash_data -k esp32.key -a start -o target.bin "$APP"
refused 2 'needs --address' decrypt_flash_data -k esp32.key -o target.bin "$APP"
refused 2 'cannot open' encrypt_flash_data -k esp32.key -a 0 -o target.bin missing.bin
head -c 32 /dev/zero >zeros.key
chmod 600 zeros.key
refused 1 'duplicated keys are not allowed' encrypt_flash_data -xk zeros.key -a 0 -o target.bin "$APP"
cp "$APP" app.bin
ln -s app.bin link.bin
expect_exit 2 espsecure encrypt_flash_data -k esp32.key -a 0 -o link.bin app.bin
expect_err 'should not be the same!'
same "$APP" app.bin

# A new key that cannot be written leaves no part of it, and says why; one that goes over a file which
# others can read draws a warning.
limits() (
    # shellcheck disable=SC3045 # not in POSIX: done where it can be
    ulimit -f 0 2>/dev/null || exit 2
    exec "$OTAPACK" "$@" 2>&1
)
for command in 'compat espsecure generate_flash_encryption_key' 'key generate --type ecdsa-p256'; do
    status=0
    # shellcheck disable=SC2086 # several words
    said=$(limits $command new.key) || status=$?
    [ $status -eq 2 ] || fail "$command: status $status"
    case $said in
    'otapack: new.key: cannot write: '*) ;;
    ?*) fail "$command: $said" ;;
    esac
    [ ! -e new.key ] || fail "$command left new.key"
done
: >open.key
chmod 644 open.key
expect_exit 0 espsecure digest_private_key -k key.pem open.key
expect_err '^otapack: open\.key: warning: others than its owner can read this key; chmod 600 it$'
rm open.key

# Into a pipe, of which no temporary file has a copy.
mkfifo pipe.key
timeout 20 cat pipe.key >piped.key &
TMPDIR=/nowhere expect_exit 0 espsecure digest_private_key -k key.pem pipe.key
wait
same digest.key piped.key
rm pipe.key piped.key
expect_exit 2 espsecure digest_private_key -k key.pem /dev/full
expect_err '^otapack: /dev/full: cannot write: No space left on device'

# Through pipes.
# shellcheck disable=SC2317,SC2094 # called by expect_exit; the app is only read
pipes() {
    otapack compat espsecure encrypt_flash_data -k esp32.key -a 0x1000 -o - - <"$APP" |
        otapack compat espsecure decrypt_flash_data -k esp32.key -a 0x1000 -o - - | cmp - "$APP"
}
expect_exit 0 pipes
no_out
no_err

# A large file costs no more memory than a small one.
limited() (
    # shellcheck disable=SC3045 # not in POSIX: done where it can be
    if ! sanitized; then ulimit -d 16000 2>/dev/null || :; fi
    exec "$OTAPACK" compat espsecure "$@"
)
if sanitized; then mib=2; else mib=32; fi
truncate -s ${mib}M large.bin
expect_exit 0 limited encrypt_flash_data -xk s3.key -a 0 -o flash.bin large.bin
expect_exit 0 limited decrypt_flash_data -xk s3.key -a 0 -o back.bin flash.bin
same large.bin back.bin
folder_is . esp32.key s3.key before.key key.pem digest.key encrypted.pem other.key odd.bin short.key \
    zeros.key target.bin app.bin link.bin large.bin flash.bin back.bin out err
