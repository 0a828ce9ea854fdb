# SPDX-License-Identifier: Apache-2.0
# edit refuses: fields that are computed, unknown, of the payload, said twice; values out of range;
# files that are no Matter image or whose payload does not fit its digest; results a device would not
# take. Nothing is changed then.
. "$SOURCE/tests/matter-lib.sh"

demo_matter ota.bin url=https://example.com/
cp ota.bin original.bin
refused() { # refused STATUS REGEX ARGUMENT...: of `edit ota.bin`, in place and to another file
    refused_status=$1 refused_regex=$2
    shift 2
    expect_exit "$refused_status" otapack edit ota.bin "$@"
    no_out
    expect_err "^otapack: .*$refused_regex"
    same original.bin ota.bin
    case " $* " in *' -o '*) return 0 ;; esac
    expect_exit "$refused_status" otapack edit ota.bin "$@" -o other.bin
    no_file other.bin
}
for field in total_size header_size payload_size image_digest; do
    refused 2 "$field" --set "$field=1"
    expect_one_line_err
    refused 2 "$field" --unset "$field"
done
for field in vendor_id product_id software_version software_version_string image_digest_type magic; do
    refused 2 "$field" --unset "$field"
done
refused 2 'vendorid.*vendor_id' --set vendorid=1
refused 2 'release_notes.*release_notes_url' --unset release_notes
refused 2 'magic' --set magic=1
refused 2 'xyzzy' --set xyzzy=1
refused 2 'payload' --set payload.desc.version=3
refused 2 'vendor_id' --set vendor_id=1 --set vendor_id=2
refused 2 'vendor_id' --set vendor_id=1 --set vendor_id=1
refused 2 'release_notes_url' --set release_notes_url=https://x/ --unset release_notes_url
refused 2 'vendor_id' --set vendor_id
refused 2 '' --set =1
refused 2 '' --set ''
refused 2 'vendor_id' --set vendor_id=
refused 2 'vendor_id|65536' --set vendor_id=65536
refused 2 'vendor_id|-1' --set vendor_id=-1
refused 2 'vendor_id|0x' --set vendor_id=0x
refused 2 'product_id|one' --set product_id=one
refused 2 'software_version|4294967296' --set software_version=4294967296
refused 2 'image_digest_type|sha256|md5' --set image_digest_type=md5
refused 2 'image_digest_type|12|13' --set image_digest_type=13
refused 2 'ota\.bin: --set zigbee\.file_version is about Zigbee files, and this is a Matter file; ' --set zigbee.file_version=3
refused 2 '--set zigbee\.software_version is about Zigbee files' --set zigbee.software_version=3
refused 2 '--unset zigbee\.release_notes_url is about Zigbee files' --unset zigbee.release_notes_url
expect_exit 2 otapack edit "$FIXTURES/zigbee/good-app.bin" --set matter.file_version=3 -o none.bin
expect_one_line_err '--set matter\.file_version is about Matter files, and this is a Zigbee file; '
no_file none.bin
expect_exit 2 otapack edit
expect_exit 2 otapack edit ota.bin original.bin --set vendor_id=1
expect_exit 2 otapack edit ota.bin --set
expect_exit 2 otapack edit nofile.bin --set vendor_id=1
expect_err 'nofile\.bin'
expect_exit 2 otapack edit - --set vendor_id=1 <ota.bin
expect_err '\-o|output'
same original.bin ota.bin

# Results that a check refuses.
refused 1 '; .+ \[matter-ids\]$' --set vendor_id=0
refused 1 '; .+ \[matter-range\]$' --set min_applicable_software_version=2
refused 1 '; .+ \[matter-range\]$' --set software_version=1 --set max_applicable_software_version=1
refused 1 '; .+ \[matter-version-match\]$' --set software_version_string=2.1
refused 1 '\[matter-version-string\]$' --set software_version_string=
refused 1 '\[matter-release-notes\]$' --set release_notes_url=
refused 1 '\[matter-(release-notes|header)\]$' \
    --set "release_notes_url=https://$(head -c 249 /dev/zero | tr '\0' u)"
expect_exit 0 otapack edit ota.bin --set vendor_id=0 -a matter-ids -o allowed.bin
expect_err 'warning: .*\[matter-ids\]$'
expect_exit 0 otapack edit ota.bin --set release_notes_url=http://x/ -o allowed.bin
expect_err 'warning: .*\[matter-release-notes-https\]$'

# Files: of another kind, with a header that cannot be read, with a payload that is not the digest's.
for file in app.bin "$FIXTURES/raw/gzip.bin" "$FIXTURES/raw/empty.bin"; do
    cp "$file" other-kind.bin
    expect_exit 1 otapack edit other-kind.bin --set vendor_id=1
    expect_err '^otapack: .*other-kind\.bin'
    same "$file" other-kind.bin
done
damaged() { # damaged REGEX ARGUMENT...
    damaged_regex=$1
    shift
    cp damaged.bin before.bin
    expect_exit 1 otapack edit damaged.bin --set vendor_id=1 "$@"
    expect_err "$damaged_regex"
    same before.bin damaged.bin
}
demo_matter damaged.bin vendor_id=-
damaged 'vendor_id'
demo_matter damaged.bin payload_size=5000
damaged '\[matter-bounds\]$'
damaged '\[matter-bounds\]$' --allow matter-digest
cp ota.bin damaged.bin
at=$(($(size_of ota.bin) - 1))
poke damaged.bin $at $(($(u8 ota.bin $at) ^ 1))
damaged '\[matter-digest\]$'
cp app.bin app.good
cp ota.bin damaged.bin
demo_matter damaged.bin "digest=$(head -c 64 /dev/zero | tr '\0' 0)"
damaged '\[matter-digest\]$'
expect_exit 0 otapack edit damaged.bin --set vendor_id=1 --allow matter-digest
expect_err 'warning: .*\[matter-digest\]$'
matter make expected.bin app.bin vendor_id=1
same expected.bin damaged.bin
