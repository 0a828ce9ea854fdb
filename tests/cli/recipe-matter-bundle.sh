# SPDX-License-Identifier: Apache-2.0
# Matter bundles by a recipe: images of files and of layers, the application last and with the header's
# version; taken apart and built again; signed and edited where they are.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
printf 'one' >one.bin
copy_rcp rcp
cp "$FIXTURES/keys/rsa3072-a.pem" k.pem
chmod 600 k.pem
text_to recipe.yaml <<'END'
otapack: 1
output: ota.bin
matter:
  vendor_id: 0xFFF1
  product_id: 0x8000
  software_version: 2
  images:
    - {id: application, file: app.bin}
    - {id: 0x100, version: 7, file: one.bin}
END
expect_exit 0 otapack build recipe.yaml --depfile d
printf 'id,version,path\n1,2,app.bin\n0x100,7,one.bin\n' >images.csv
expect_exit 0 otapack compat esp32_multi_ota_tool create-multi -v 0xFFF1 -p 0x8000 -vn 2 -vs 2.0 \
    -da sha256 images.csv tool.ota
same tool.ota ota.bin
for input in recipe.yaml app.bin one.bin; do
    grep -q "[ :]$input" d || fail "the depfile does not name $input"
done
expect_exit 0 otapack inspect ota.bin
expect_out 'Matter bundle, 2 images$'
expect_exit 0 otapack inspect ota.bin --get payload.application.desc.version
out_is 2.0
expect_exit 0 otapack inspect ota.bin --get 'payload.table[0].id'
out_is 0x100
expect_exit 0 otapack extract ota.bin 'payload.image[0]' -o -
same one.bin out

# Layers in the place of a file; an RCP beside its host.
text_to layers.yaml <<'END'
otapack: 1
matter:
  vendor_id: 0xFFF1
  product_id: 0x8000
  software_version: 2
  images:
    - id: rcp
      version: 5
      rcp: {build_dir: rcp}
    - id: 1
      app: app.bin
      sign: {keys: [k.pem]}
END
expect_exit 0 otapack build layers.yaml -o layers.bin
expect_exit 0 otapack inspect layers.bin
expect_out 'Matter bundle, 2 images, one for a$'
expect_exit 0 otapack sign app.bin --key k.pem -o signed.bin
expect_exit 0 otapack extract layers.bin payload.application -o -
cmp -n "$(size_of app.bin)" signed.bin out || fail 'the application is not the one that was signed'
expect_exit 0 otapack verify layers.bin --key k.pem

# Taken apart, and built again; the bundle alone, too.
otapack extract ota.bin payload -o alone.bin
for file in ota.bin layers.bin alone.bin; do
    expect_exit 0 otapack extract $file --recipe taken.$file
    expect_exit 0 otapack build taken.$file/recipe.yaml -o again.bin
    same $file again.bin
done
grep -q '^  images:$' taken.ota.bin/recipe.yaml || fail 'the header does not say its images'
grep -q '^matter_bundle:$' taken.alone.bin/recipe.yaml || fail 'a bundle alone has no recipe of its own'

# Signed where it is: what the table and the header say follows, and nothing else.
expect_exit 0 otapack sign ota.bin --key k.pem -o signed-in.bin
expect_exit 0 otapack verify signed-in.bin --key k.pem
expect_exit 0 otapack extract signed-in.bin 'payload.image[0]' -o -
same one.bin out
expect_exit 0 otapack sign alone.bin --key k.pem -o signed-alone.bin
expect_exit 0 otapack extract signed-in.bin payload -o payload.bin
expect_exit 0 otapack verify signed-alone.bin --key k.pem
[ "$(size_of payload.bin)" -eq "$(size_of signed-alone.bin)" ] || fail 'signed to another size'

# Edited: the application's version goes with the header's, others are set by their place.
expect_exit 0 otapack edit ota.bin --set software_version=3 -o edited.bin
no_findings
expect_exit 0 otapack inspect edited.bin --get 'payload.table[1].version'
out_is 3
expect_exit 0 otapack edit edited.bin --set 'payload.table[0].version=9' \
    --set 'payload.table[1].version=4' -o edited.bin
expect_err 'warning: .*\[bundle-version\]$'
expect_exit 0 otapack inspect edited.bin --get 'payload.table[0].version'
out_is 9
expect_exit 0 otapack edit edited.bin --set software_version=2 --set 'payload.table[0].version=7' \
    --set 'payload.table[1].version=2' -o edited.bin
same ota.bin edited.bin
for set in 'payload.table[0].id=3' 'payload.table[7].version=3' 'payload.application.version=3'; do
    expect_exit 2 otapack edit ota.bin --set "$set" -o none.bin
    expect_err 'payload\.table\[0\]\.version'
done
expect_exit 2 otapack edit ota.bin --set 'payload.table[0].version=x' -o none.bin
expect_err "'x' is no number"

# A bundle that was damaged is not given a new table.
expect_exit 1 otapack sign "$FIXTURES/matter_bundle/bad-bundle-sha256.bin" --key k.pem -o none.bin
expect_err '\[bundle-sha256\]$'
expect_exit 1 otapack edit "$FIXTURES/matter_bundle/bad-bundle-trailing.bin" --allow bundle-trailing \
    --set software_version=3 -o none.bin
expect_err '\[bundle-trailing\]$'
no_file none.bin

# Every image with the RCP's ID is one for it.
otapack extract "$FIXTURES/matter_bundle/in-matter-rcp.bin" payload -o two.bin
poke two.bin 56 2 0 0 0
expect_exit 1 otapack verify two.bin
expect_err 'duplicate\[1\]: this image is for an RCP, but holds: .*\[bundle-rcp\]$'

# No payload of 4 GiB is one that a device takes.
{ cat "$FIXTURES/matter_bundle/good-app.bin" && printf x; } >large.bin
truncate -s 4294967295 large.bin
expect_exit 1 otapack verify large.bin
refuse_err '\[bundle-bounds\]$'
truncate -s 4294967296 large.bin
expect_exit 1 otapack verify large.bin
expect_err 'has 4,294,967,296 bytes, .*\[bundle-bounds\]$'
rm large.bin

# Mistakes.
bad() { # bad LINE:COLUMN REGEX IMAGES
    printf 'otapack: 1\nmatter: {vendor_id: 1, product_id: 1, software_version: 2}\nmatter_bundle: %s\n' \
        "$3" >recipe.yaml
    recipe_refused "$1" "$2"
}
rm ota.bin
bad 3:16 'matter_bundle .*list' '{id: 1, file: app.bin}'
bad 3:16 'a bundle has 1 to 255 images' '[]'
bad 3:17 'write an image as a map' '[app.bin]'
bad 3:17 'this image has no id' '[{file: app.bin}]'
bad 3:22 'no image has the ID 0' '[{id: 0, file: app.bin}]'
bad 3:22 "id 'aplication' is not known; did you mean 'application'" '[{id: aplication, file: app.bin}]'
bad 3:22 'write application, rcp or a number' '[{id: firmware, file: app.bin}]'
bad 3:22 '0x100000000 is above 0xffffffff; ' '[{id: 0x100000000, file: app.bin}]'
bad 3:17 'this image has no file' '[{id: 1}]'
bad 3:17 'this image has no version' '[{id: 2, file: app.bin}]'
bad 3:17 'one of the two' '[{id: 1, file: app.bin, app: app.bin}]'
bad 3:25 "did you mean 'version'" '[{id: 1, verson: 2, file: app.bin}]'
printf 'otapack: 1\napp: app.bin\nmatter: {images: [{id: 1, file: app.bin}]}\n' >recipe.yaml
recipe_refused 3:9 'app stands beside it'
printf 'otapack: 1\nmatter: {vendor_id: 1, product_id: 1, software_version: 2}\n' >recipe.yaml
recipe_refused - 'says nothing to build'
: >empty.bin
text_to recipe.yaml <<'END'
otapack: 1
matter_bundle: [{id: 2, version: 1, file: empty.bin}, {id: 1, version: 2, file: app.bin}]
END
expect_exit 1 otapack build recipe.yaml -o none.bin
expect_err 'empty\.bin: is empty'
printf 'otapack: 1\nmatter_bundle: [{id: 3, version: 1, file: one.bin}]\n' >recipe.yaml
refuse bundle-application 'no image has the ID 1' recipe.yaml
# A header wants the version of the application.
printf 'otapack: 1\n%s\n' 'matter: {vendor_id: 1, product_id: 1, software_version: 2, images: [{id: 3, version: 1, file: one.bin}]}' >recipe.yaml
expect_exit 1 otapack build recipe.yaml -o none.bin
expect_err 'recipe\.yaml:2:9: no image has the ID application, .*\[bundle-application\]$'
