# SPDX-License-Identifier: Apache-2.0
# A release beside the one before it, as a person or a pipeline asks: with a baseline alone, with the
# policy that init writes, with one that names everything. (Each rule is a row of
# tests/laws/law_policy.c, each fault of a policy one of tests/unit/test_policy.c.)
. "$SOURCE/tests/sign-lib.sh"

# Version 1.4.0 in the field, 1.5.0 to be released, both signed with the key for production.
take_key ecdsa-p256-a ecdsa-p256-b
mkdir -p field build ci
for version in 1.4.0 1.5.0; do
    cp "$FIXTURES/esp_image/good-app-esp32c6.bin" app.bin
    esp_text app.bin "$AT_VERSION" "$version"
    expect_exit 0 otapack sign app.bin --key ecdsa-p256-a.pem -o "$version.bin"
done
mv 1.4.0.bin field/app.bin
mv 1.5.0.bin build/app.bin
pt_table field/table 1 2 0x9000 0x4000 nvs 1 0 0xd000 0x2000 otadata \
    0 16 0x10000 0x10000 ota_0 0 17 0x20000 0x10000 ota_1
pt_table build/table 1 2 0x9000 0x4000 nvs 1 0 0xd000 0x2000 otadata \
    0 16 0x10000 0x10000 ota_0 0 17 0x20000 0x10000 ota_1 1 2 0x40000 0x3000 more

expect_exit 0 otapack verify build/app.bin --baseline field/app.bin
no_err
expect_out '^build/app\.bin: otapack init policy: 6 comparisons hold; not checked: policy-partitions needs '
expect_exit 1 otapack verify field/app.bin --baseline build/app.bin
expect_one_line_err
expect_err '^otapack: field/app\.bin: version "1\.4\.0" is older than the baseline.s "1\.5\.0"; .* \[policy-version\]$'

# What init writes is a policy as it is, wherever it lies.
expect_exit 0 otapack init policy -o ci/policy.yaml
expect_exit 2 otapack verify build/app.bin --policy ci/policy.yaml
expect_one_line_err
expect_err '^otapack: ci/policy\.yaml: a baseline is required; .*--baseline'
expect_exit 0 otapack verify build/app.bin --policy ci/policy.yaml --baseline field/app.bin

# One file for everything; paths begin in its folder.
cat >ci/release.yaml <<'END'
otapack: 1
baseline: ../field/app.bin
baseline_partition_table: ../field/table
partition_table: ../build/table
key: ../ecdsa-p256-a.pem
warnings: fail
expect:
  - chip = esp32c6
rules:
  version: newer
  key_set: same
  partitions: kept
  headroom: 50%
  growth: {max: 10%}
  unchanged: [desc.project_name]
END
expect_exit 0 otapack verify build/app.bin --policy ci/release.yaml
expect_out '^build/app\.bin: ci/release\.yaml: 6 comparisons hold$'
expect_out 'by ci/\.\./ecdsa-p256-a\.pem$'

# Signed with the wrong key, and with a table whose slots moved: each no has its line.
expect_exit 0 otapack sign app.bin --key ecdsa-p256-b.pem -o wrong.bin
pt_table build/moved 1 2 0x9000 0x4000 nvs 1 0 0xd000 0x2000 otadata \
    0 16 0x20000 0x10000 ota_0 0 17 0x30000 0x10000 ota_1
expect_exit 1 otapack verify wrong.bin --policy ci/release.yaml -p build/moved
expect_err 'keys that have signed: .*; the baseline: .* \[policy-key-set\]$'
expect_err 'partition "ota_0" was at 0x10000 and is at 0x20000; .* \[policy-partitions\]$'
expect_err 'partition "ota_1" was at 0x20000 and is at 0x30000; '
expect_err 'no good signature by ci/\.\./ecdsa-p256-a\.pem'
refuse_err 'policy-version'

# Several files are asked the same.
expect_exit 1 otapack verify build/app.bin field/app.bin --policy ci/release.yaml
expect_one_line_err
expect_err '^otapack: field/app\.bin: version "1\.4\.0" is the same as '

# Mistakes.
printf 'otapack: 1\nrules:\n  verzion: newer\n' >ci/typo.yaml
expect_exit 2 otapack verify build/app.bin --policy ci/typo.yaml
expect_one_line_err
expect_err "^otapack: ci/typo\\.yaml:3:3: there is no key 'verzion' here; did you mean 'version'\\?$"
expect_exit 2 otapack verify build/app.bin --policy build/app.bin
expect_one_line_err
expect_exit 2 otapack verify build/app.bin --policy ci
expect_one_line_err
expect_exit 2 otapack verify build/app.bin --policy nowhere.yaml
expect_one_line_err
expect_exit 2 otapack verify build/app.bin --baseline nowhere.bin
expect_one_line_err
expect_err '^otapack: nowhere\.bin: '

# Of what could not be read, nobody can tell; an option that the verb has not is one of the policy.
cp "$FIXTURES/delta/good-update.bin" update.patch
expect_exit 2 otapack publish update.patch --baseline build/app.bin --to folder -o to
expect_err '^otapack: update\.patch: .*; give --base; otapack publish takes it from a policy, as base:$'
expect_err '^otapack: update\.patch: not published: otapack init policy cannot be asked as a whole, '
no_file to

# What is published is asked the same; what verify alone has an option for is asked as well.
expect_exit 0 otapack publish build/app.bin --policy ci/release.yaml --to folder -o www
expect_out '^www/latest\.json$'
refused() { # refused STATUS REGEX POLICY: of build/app.bin, with this policy's rest
    printf 'otapack: 1\n%s\n' "$3" >ci/rest.yaml
    expect_exit "$1" otapack publish build/app.bin --policy ci/rest.yaml --to folder -o to
    expect_err "^otapack: $2"
    [ "$1" -ne 1 ] || expect_err '^otapack: build/app\.bin: not published: '
    no_file to
}
refused 1 'build/app\.bin: expected chip = esp32h2, ' 'expect: [chip = esp32h2]'
refused 1 'build/app\.bin: .*not signed as asked' 'key: ../ecdsa-p256-b.pem'
refused 1 'build/app\.bin: .* \[policy-version\]$' "$(printf 'baseline: ../build/app.bin\nrules: {version: newer}')"
refused 1 'build/app\.bin: not published: ' 'chip_revision: v0.0
chip: esp32h2'
refused 2 'ci/rest\.yaml: a baseline is required; ' "$(printf 'baseline: required\nrules: {version: newer}')"
