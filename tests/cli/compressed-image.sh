# SPDX-License-Identifier: Apache-2.0
# Compressed images: built from an app, inspected, verified, signed, taken apart and built again; what
# they cannot be made of; gzip and zlib for apps that unpack those themselves.
. "$SOURCE/tests/cli-lib.sh"

app=$FIXTURES/esp_image/good-app-esp32c6.bin
cp "$app" app.bin

# recipe FILE CONTENT TYPE [MORE]
recipe() {
    printf 'otapack: 1\noutput: out.bin\n%s\ncompress:\n  type: %s\n%s' "$2" "$3" "${4-}" >"$1"
}

# ---- gzip and zlib -------------------------------------------------------------------------------

for type in gzip zlib; do
    recipe $type.yaml 'app: app.bin' $type
    expect_exit 0 otapack build $type.yaml -o app.$type
    expect_err '\[app-compressed\]$'
    expect_exit 0 otapack verify app.$type
    expect_exit 0 otapack extract app.$type content -o content.$type
    same app.bin content.$type
    expect_exit 0 otapack build $type.yaml -o again.$type
    same app.$type again.$type
done
cut_bytes app.zlib 0 2 >head
hex_bytes 78da >expected
same head expected

# ---- xz ------------------------------------------------------------------------------------------

recipe xz.yaml 'app: app.bin' esp-xz
if ! otapack build xz.yaml -o app.packed >out 2>err; then
    expect_err 'was built without liblzma'
    echo 'skipped: this otapack was built without liblzma'
    exit 77
fi
expect_exit 0 otapack verify app.packed
expect_exit 0 otapack inspect app.packed
expect_out 'compressed image of .*: ESP32-C6 app'
expect_exit 0 otapack inspect app.packed --get content.desc.project_name
out_is demo_app
expect_exit 0 otapack inspect app.packed --get dictionary
out_is 65536
expect_exit 0 otapack extract app.packed content -o content.bin
same app.bin content.bin

# With the app's header, as esp_ota takes it.
recipe header.yaml 'app: app.bin' esp-xz '  app_header: true'
expect_exit 0 otapack build header.yaml -o app.ota
expect_exit 0 otapack verify app.ota
cut_bytes app.ota 288 "$(size_of app.packed)" >behind
same behind app.packed

# Signed behind its end, by itself: then it is signed data.
cp "$FIXTURES/keys/rsa3072-a.pem" key.pem
chmod 600 key.pem
expect_exit 0 otapack sign app.packed --key key.pem --scheme secure-boot-v2-data -o signed.packed
expect_exit 0 otapack verify signed.packed --key "$FIXTURES/keys/rsa3072-a.pub.pem"
expect_exit 0 otapack inspect signed.packed --get data.content.desc.project_name
out_is demo_app

# The app's header goes in front of that: the signature is counted from behind it.
recipe signed.yaml 'image: signed.packed' esp-xz '  app_header: true'
expect_exit 0 otapack build signed.yaml -o signed.ota
cut_bytes signed.ota 0 288 >front
cut_bytes app.ota 0 288 >expected
same front expected
cut_bytes signed.ota 288 "$(size_of signed.packed)" >behind
same behind signed.packed
expect_exit 0 otapack verify signed.ota --key "$FIXTURES/keys/rsa3072-a.pub.pem" --part image
expect_exit 2 otapack sign app.ota --key key.pem --scheme secure-boot-v2-data -o none.bin
no_file none.bin

# With Secure Boot the app is signed, and what is packed is signed once more.
expect_exit 0 otapack sign app.bin --key key.pem -o app-signed.bin
recipe both.yaml 'app: app-signed.bin' esp-xz ''
expect_exit 0 otapack build both.yaml -o both.packed
expect_exit 0 otapack verify both.packed --secure-boot none
expect_exit 1 otapack verify both.packed --secure-boot v2
expect_err 'wants a signature of Secure Boot v2 behind what is compressed as well.*\[device-signature\]$'
expect_exit 0 otapack sign both.packed --key key.pem --scheme secure-boot-v2-data -o both.signed
expect_exit 0 otapack verify both.signed --secure-boot v2

# Taken apart, and built again.
for file in app.packed app.ota; do
    expect_exit 0 otapack extract $file --recipe taken.$file
    has_line '^  type: esp-xz$' taken.$file/recipe.yaml || fail 'the recipe does not compress'
    expect_exit 0 otapack build taken.$file/recipe.yaml -o again.$file
    same $file again.$file
done

# ---- what it is not made of ----------------------------------------------------------------------

refused() { # refused CONTENT TYPE STATUS LINE [MORE]
    recipe wrong.yaml "$1" "$2" "${5-}"
    expect_exit "$3" otapack build wrong.yaml -o none.bin
    expect_err "$4"
    no_file none.bin
}
refused 'app: app.bin' brotli 2 "wrong.yaml:5:9: .*brotli"
refused 'app: app.bin' gzip 2 'app_header goes with type esp-xz alone' '  app_header: true'
refused "image: $FIXTURES/partition_table/good-rcp.bin" esp-xz 1 '\[compressed-content\]$'
refused "image: $FIXTURES/compressed_image/good-app.bin" esp-xz 1 '\[compressed-content\]$'
refused "app: $FIXTURES/esp_image/bad-esp-checksum.bin" esp-xz 1 '\[esp-checksum\]$'
refused "app: app.bin
rcp:
  build_dir: $FIXTURES/rcp_build" esp-xz 2 'compress cannot stand beside rcp'
printf 'otapack: 1\napp: app.bin\ncompress: {}\n' >wrong.yaml
expect_exit 2 otapack build wrong.yaml -o none.bin
expect_err 'wrong.yaml:3:11: compress has no type; '

# ---- one that is not ours ------------------------------------------------------------------------

# Of another xz, it is taken as it is.
expect_exit 0 otapack extract "$FIXTURES/compressed_image/good-app.bin" --recipe other
has_line '^image: ' other/recipe.yaml || fail 'the recipe takes apart what it cannot make'
expect_exit 1 otapack verify "$FIXTURES/compressed_image/bad-compressed-xz-crc64.bin"
expect_err 'neither CRC-32 nor none.*\[compressed-xz\]$'
expect_exit 0 otapack help 'custom OTA MD5 check error!'
expect_out 'compressed-md5'

# ---- behind its end ------------------------------------------------------------------------------

{ cat "$FIXTURES/compressed_image/good-app.bin" && printf x; } >more.bin
expect_exit 0 otapack verify more.bin
expect_err 'warning: 1 byte follows what xz wrote; .*\[compressed-trailing\]$'

# ---- what gzip and zlib packed, taken apart ------------------------------------------------------

for type in gzip zlib; do
    recipe packed.yaml 'app: app.bin' $type
    expect_exit 0 otapack build packed.yaml -q -o app.$type
    expect_exit 0 otapack extract app.$type --recipe taken.$type
    has_line "^  type: $type\$" taken.$type/recipe.yaml || fail "the recipe does not pack with $type"
    expect_exit 0 otapack build taken.$type/recipe.yaml -q -o again.$type
    same app.$type again.$type
done
# Of another gzip, or around what is damaged, it is taken as it is, and says so.
gzip -1 -c app.bin >other.gz
gzip -9 -n -c "$FIXTURES/esp_image/bad-esp-checksum.bin" >damaged.gz
cp app.gzip system.gz
flip system.gz 9 # the system that packed it
for file in other.gz system.gz damaged.gz; do
    [ $file = damaged.gz ] && status=1 || status=0
    expect_exit $status otapack extract $file --recipe whole.$file
    has_line '^image: ' whole.$file/recipe.yaml || fail 'the recipe takes apart what it cannot make'
    has_line '^# As it is: ' whole.$file/recipe.yaml || fail 'the recipe does not say why'
done
