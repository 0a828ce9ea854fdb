# SPDX-License-Identifier: Apache-2.0
# Espressif's espsecure and otapack encrypt flash to the same bytes and decrypt each other's, for every
# key, address and setting; keys that the one makes are good for the other; what the one refuses, the
# other does. espsecure 4.7 takes keys that no chip has, which 5 refuses: those are not asked for.

. "$SOURCE/tests/espsecure-lib.sh"
need openssl

compared=0 refused=0
# said REGEX: both say the same in these lines; 4.7 without quotes and final full stops.
said() {
    grep "$1" espsecure.log | tr -d '".' >their-words
    grep "$1" out | tr -d '".' >our-words
    same their-words our-words
}

# both FILE ARGUMENT...: encrypted by both, to the same bytes, and each decrypts what the other made.
both() {
    both_file=$1
    shift
    they 0 encrypt_flash_data "$@" --output theirs.bin "$both_file"
    we 0 encrypt_flash_data "$@" --output ours.bin "$both_file"
    same theirs.bin ours.bin
    said '^Using'
    they 0 decrypt_flash_data "$@" --output back.bin ours.bin
    same "$both_file" back.bin
    we 0 decrypt_flash_data "$@" --output back.bin theirs.bin
    same "$both_file" back.bin
    compared=$((compared + 1))
}

# ---- Keys ---------------------------------------------------------------------------------------

umask 077
for bits in 128 192 256 512; do
    they 0 generate_flash_encryption_key --keylen $bits "theirs-$bits.key"
    we 0 generate_flash_encryption_key -l $bits "ours-$bits.key"
    [ "$(size_of "theirs-$bits.key")" -eq $((bits / 8)) ] || fail "theirs: not $bits bits"
    [ "$(size_of "ours-$bits.key")" -eq $((bits / 8)) ] || fail "ours: not $bits bits"
done
they 0 generate_flash_encryption_key theirs.key
we 0 generate_flash_encryption_key ours.key
size_of theirs.key >size
size_of ours.key | same size -

for length in '' '--keylen 256' '-l 192'; do
    # shellcheck disable=SC2086 # words
    they 0 digest_private_key --keyfile keys/ecdsa-p256-a.pem $length theirs-digest.key
    # shellcheck disable=SC2086
    we 0 digest_private_key -k keys/ecdsa-p256-a.pem $length ours-digest.key
    same theirs-digest.key ours-digest.key
done
openssl pkcs8 -topk8 -nocrypt -in keys/ecdsa-p256-a.pem -out pkcs8.pem
they 0 digest_private_key --keyfile pkcs8.pem theirs-digest.key
we 0 digest_private_key --keyfile pkcs8.pem ours-digest.key
same theirs-digest.key ours-digest.key

# ---- Data ---------------------------------------------------------------------------------------

head -c 4096 /dev/urandom >4096.bin
head -c 65552 /dev/urandom >65552.bin
for n in 16 48 128 1504; do head -c $n 4096.bin >$n.bin; done

for whose in ours theirs; do
    for bits in 192 256; do
        both 4096.bin --keyfile "$whose-$bits.key" --address 0x10000
        both 1504.bin -k "$whose-$bits.key" -a 1756192
    done
    for bits in 128 256 512; do
        both 4096.bin --aes_xts --keyfile "$whose-$bits.key" --address 0x10000
        both 1504.bin -x -k "$whose-$bits.key" -a 0x1a7050
    done
done
for config in 0 1 0x2 4 8 5 10 0xf; do
    both 48.bin --keyfile ours-256.key --address 0xabcde0 --flash_crypt_conf $config
done
both 48.bin --aes_xts --keyfile ours-256.key --address 0xabcde0 --flash_crypt_conf 3
both 16.bin --keyfile ours-256.key --address 0xfffff0
both 16.bin --aes_xts --keyfile ours-512.key --address 0xfffffff0
both 65552.bin --keyfile ours-256.key --address 0x7ffff0
both 65552.bin --aes_xts --keyfile ours-512.key --address 0x1fffff0
both "$FIXTURES/esp_image/good-app-esp32.bin" -k ours-digest.key -a 0x20000

# Filled up with random bytes: all but the last block is the same, and all of it comes back.
head -c 37 4096.bin >37.bin
they 0 encrypt_flash_data -k ours-256.key -a 0x1000 -o theirs.bin 37.bin
we 0 encrypt_flash_data -k ours-256.key -a 0x1000 -o ours.bin 37.bin
said '^Using\|^Note'
head -c 32 theirs.bin >begins
head -c 32 ours.bin | same begins -
they 0 decrypt_flash_data -k ours-256.key -a 0x1000 -o back.bin ours.bin
head -c 37 back.bin | same 37.bin -
we 0 decrypt_flash_data -k ours-256.key -a 0x1000 -o back.bin theirs.bin
head -c 37 back.bin | same 37.bin -

# ---- Mistakes -----------------------------------------------------------------------------------

# neither STATUS COMMAND ARGUMENT...: status of ours.
neither() {
    neither_status=$1
    shift
    they 1 "$@"
    drop new.bin # espsecure leaves what it has written by then
    we "$neither_status" "$@"
    expect_one_line_err
    no_file new.bin
    refused=$((refused + 1))
}
head -c 48 /dev/zero >wrong.key
head -c 32 /dev/zero >zeros.key
head -c 0 /dev/zero >empty.bin
for command in encrypt_flash_data decrypt_flash_data; do
    neither 2 $command --keyfile wrong.key --address 0 --output new.bin 48.bin
    neither 2 $command --aes_xts --keyfile wrong.key --address 0 --output new.bin 48.bin
    neither 2 $command --keyfile ours-512.key --address 0 --output new.bin 48.bin
    neither 2 $command --keyfile ours-256.key --address 0x10008 --output new.bin 48.bin
    neither 2 $command --aes_xts --keyfile ours-256.key --address 8 --output new.bin 48.bin
    neither 2 $command --aes_xts --keyfile ours-256.key --address 0 --output new.bin 37.bin
    neither 2 $command --aes_xts --keyfile ours-256.key --address 0 --output new.bin empty.bin
    neither 2 $command --keyfile ours-256.key --address start --output new.bin 48.bin
    neither 2 $command --keyfile missing.key --address 0 --output new.bin 48.bin
    neither 2 $command --keyfile ours-256.key --address 0 --output new.bin missing.bin
    neither 2 $command --keyfile ours-256.key --address 0 --output 48.bin 48.bin
    neither 2 $command --keyfile ours-256.key --address 0 --output ours-256.key 48.bin
    neither 2 $command --keyfile ours-256.key --output new.bin 48.bin
    neither 2 $command --address 0 --output new.bin 48.bin
    neither 2 $command --keyfile ours-256.key --address 0 48.bin
done
neither 2 decrypt_flash_data --keyfile ours-256.key --address 0 --output new.bin 37.bin
neither 1 encrypt_flash_data --aes_xts --keyfile zeros.key --address 0 --output new.bin 48.bin
they 0 decrypt_flash_data --aes_xts --keyfile zeros.key --address 0 --output theirs.bin 48.bin
we 0 decrypt_flash_data --aes_xts --keyfile zeros.key --address 0 --output ours.bin 48.bin
same theirs.bin ours.bin
neither 2 generate_flash_encryption_key --keylen abc new.bin
neither 2 digest_private_key --keyfile keys/ecdsa-p192-a.pem new.bin
neither 1 digest_private_key --keyfile keys/rsa3072-a.pem new.bin
neither 2 digest_private_key --keyfile keys/ecdsa-p256-a.pub.pem new.bin
neither 2 digest_private_key --keyfile pkcs8.pem pkcs8.pem

echo "espsecure and otapack agreed on $compared encrypted files, and refused $refused command lines"
