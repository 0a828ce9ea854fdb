# SPDX-License-Identifier: Apache-2.0
# A release as a whole, as its author would verify it: each list with its files, and what goes wrong
# when a release is put together. (tests/laws: law_smallest_manifest.c.)
. "$SOURCE/tests/cli-lib.sh"

cp -r "$FIXTURES/manifest" release
chmod -R u+w release
rm release/bad-* release/good-*.txt
expect_exit 0 otapack verify release/*.json
[ ! -s err ] || fail 'a good release has warnings'
expect_out '^release/good-web\.json: ESP Web Tools manifest, ok'
expect_out '^release/good-dcl\.json: DCL entry, ok'

# What a folder has, sha256sum says, in all three ways, and from another folder.
for way in '' -b --tag; do
    # shellcheck disable=SC2086 # an option, or none
    (cd release && sha256sum $way ./*.bin light.ota >SHA256SUMS)
    expect_exit 0 otapack verify -W fail release/SHA256SUMS
    expect_out 'list of digests, ok'
done

# Several names of one file, and several digests of it; and many files, of which some are the same.
mkdir many
for i in $(seq 600); do
    printf '%s' "$((i / 2))" >"many/$i"
done
ln many/1 many/again
(cd many && sha256sum ./* >SUMS && md5sum 1 ./1 ././1 2 >>SUMS)
expect_exit 0 otapack verify many/SUMS
expect_out '1213 checks passed'
sed -i 's#  \(\./\)\{0,1\}1$#  2#' many/SUMS
expect_exit 1 otapack verify many/SUMS
expect_err 'many/SUMS: files.*: 2 has the SHA-256 .*\[manifest-digest\]$'
expect_err 'many/SUMS: files.*: 2 has the MD5 .*\[manifest-digest\]$'

# The flash that a manifest makes is one: the same that is judged.
expect_exit 0 otapack extract release/good-web.json 'builds[0].flash' -o flash.bin
expect_exit 0 otapack verify flash.bin
expect_out 'merged flash image, ok'
expect_exit 0 otapack inspect --get 'builds[0].flash.factory.desc.version' release/good-web.json
expect_out '^1\.4\.2$'

# An app of another build in its place: its digest, its chip and its version.
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" release/app.bin
expect_exit 1 otapack verify release/SHA256SUMS
expect_err 'app\.bin has the SHA-256 .*\[manifest-digest\]$'
expect_exit 1 otapack verify release/good-update.json
expect_err '\[manifest-digest\]$'
expect_err 'the list says ESP32-H2, .*\[manifest-chip\]$'
expect_exit 1 otapack verify release/good-web.json
expect_err '\[chip-match\]$'
cp "$FIXTURES/manifest/app.bin" release/app.bin

# A file that is gone, one that is left, and one that is in another list.
mv release/light.ota release/old.ota
expect_exit 1 otapack verify release/good-dcl.json
expect_err 'light\.ota is not there; .*\[manifest-file\]$'
expect_exit 1 otapack verify -W fail release/good-web.json
expect_err 'warning: there is firmware beside its files that no list names: old\.ota; .*\[manifest-stale\]$'
expect_exit 0 otapack verify -W fail -a manifest-stale release/good-web.json
printf '{"also": "old.ota"}\n' >release/more.json
expect_exit 0 otapack verify -W fail release/good-web.json

# The folders of its files count, too, each with the lists in it; others do not.
mkdir -p sub/a/b sub/c
cp release/app.bin sub/a/app.bin
printf '0x10000 ./a//app.bin\n' >sub/flash_args
cp release/app.bin sub/c/other.bin
cp release/app.bin sub/a/b/deeper.bin
cp release/app.bin sub/a/app-unsigned.bin
expect_exit 0 otapack verify -W fail sub/flash_args
cp release/app.bin sub/a/old.bin
expect_exit 1 otapack verify -W fail sub/flash_args
expect_err 'no list names: a/old\.bin; '
printf 'sum  old.bin\n' >sub/a/SHA256SUMS
expect_exit 0 otapack verify -W fail sub/flash_args
mv sub/a/SHA256SUMS sub/SHA256SUMS
expect_exit 1 otapack verify -W fail sub/flash_args
printf 'sum  a/old.bin\n' >sub/SHA256SUMS
expect_exit 0 otapack verify -W fail sub/flash_args

# A folder that a link leads to is another one.
mkdir -p linked/a elsewhere
cp release/app.bin linked/a/app.bin
cp release/app.bin linked/a/old.bin
mv linked/a elsewhere/a
ln -s ../elsewhere/a linked/a
printf '0x10000 a/app.bin\n' >linked/flash_args
expect_exit 0 otapack verify linked/flash_args
refuse_err 'manifest-stale'

# A link out of the folder is not followed; one inside is.
printf '0x10000 link.bin\n' >release/flash_args
ln -s app.bin release/link.bin
expect_exit 0 otapack verify -W fail release/flash_args
cp release/app.bin elsewhere.bin
ln -sf ../elsewhere.bin release/link.bin
expect_exit 1 otapack verify -W fail release/flash_args
expect_err '\[manifest-outside\]$'
cp -r release release-2
ln -sf ../release-2/app.bin release/link.bin
expect_exit 1 otapack verify -W fail release/flash_args
expect_err '\[manifest-outside\]$'

# What is no file, what cannot be opened, and more than is looked into.
rm release/link.bin
mkfifo release/link.bin
expect_exit 1 otapack verify release/flash_args
expect_err 'link\.bin is not there'
rm release/link.bin
for i in $(seq 0 200); do printf '0x%x app.bin\n' $((65536 + 4096 * i)); done >release/flash_args
expect_exit 1 otapack verify release/flash_args
expect_err 'it names more than 128 files, .*\[manifest-form\]$'

# From standard input a list is in no folder, and is none.
expect_exit 1 otapack verify - <release/good-web.json
expect_err '\[known-format\]$'
