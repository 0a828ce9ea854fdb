# SPDX-License-Identifier: Apache-2.0
# init writes recipes that build once their paths are right, and files for verify, never over another
# file; its schemas know the recipes and policies that otapack knows, and not what otapack refuses.
. "$SOURCE/tests/cli-lib.sh"

need jq
expect_exit 0 otapack init
kinds=$(sed 's/ .*//' out)
[ "$(printf '%s\n' $kinds | wc -l)" -ge 6 ] || fail 'there are more kinds'

mkdir -p build/bootloader build/partition_table ot_rcp
cp "$FIXTURES/br/sealed_br.bin" build/esp_ot_br.bin
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" build/light.bin
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" build/app.bin
cp "$FIXTURES/br/partition-table.bin" build/partition_table/partition-table.bin
cp "$FIXTURES/esp8266/good-arduino.bin" build/sketch.ino.bin
cp -R "$RCP" ot_rcp/build
cp "$FIXTURES/keys/rsa3072-a.pem" release.pem
chmod 600 release.pem
expect_exit 0 otapack key generate sketch.pem --type rsa2048

for kind in $kinds; do
    expect_exit 0 otapack init "$kind"
    expect_one_line_err
    no_out
    cp "$kind.yaml" before
    expect_exit 2 otapack init "$kind"
    expect_one_line_err
    same "$kind.yaml" before
    expect_exit 0 otapack init "$kind" -o -
    same out before
    ! grep -q SPDX "$kind.yaml" || fail "$kind: the file is the user's, and says whose licence it has"
done

# As they are, with the files where they say.
cp "$FIXTURES/esp_image/good-bootloader-esp32h2.bin" build/bootloader/bootloader.bin
for kind in app border-router matter esp8266; do
    expect_exit 0 otapack build $kind.yaml
done
cp "$FIXTURES/esp_image/good-app-esp32h2.bin" build/app.bin
cp "$FIXTURES/partition_table/good-rcp.bin" build/partition_table/partition-table.bin
expect_exit 0 otapack build flash.yaml
expect_exit 0 otapack verify "$FIXTURES/esp_image/good-app-esp32c6.bin" --device device.yaml
# The policy asks for a release before this one, which is the same here.
expect_exit 1 otapack verify "$FIXTURES/esp_image/good-app-esp32c6.bin" --policy policy.yaml \
    --baseline "$FIXTURES/esp_image/good-app-esp32c6.bin"
expect_one_line_err
expect_err '\[policy-version\]$'
cp "$FIXTURES/br/partition-table.bin" partitions.csv
sed -E 's/^( *)# ( *([a-z_]+:|- ).*)/\1\2/' policy.yaml >policy-all.yaml
expect_exit 1 otapack verify "$FIXTURES/esp_image/good-app-esp32c6.bin" --policy policy-all.yaml \
    --baseline "$FIXTURES/esp_image/good-app-esp32c6.bin"
expect_err '\[policy-version\]$'
expect_err 'is not signed'
# With what is commented out, too: a line that begins with "# " and a key is one of the file.
cp "$FIXTURES/br/partition-table.bin" build/partition_table/partition-table.bin
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" build/app.bin
for kind in app border-router esp8266; do
    # What is expected has other paths with matter.
    sed -E 's/^( *)# ( *([a-z_]+:|- ).*)/\1\2/; /^matter:/,/^$/d' $kind.yaml >$kind-all.yaml
    [ "$(grep -c '^ *#' $kind-all.yaml)" -lt "$(grep -c '^ *#' $kind.yaml)" ] || fail "$kind: nothing more"
    expect_exit 0 otapack build $kind-all.yaml
done

expect_exit 2 otapack init mater
grep -q "did you mean 'matter'" err || fail 'a slip of the pen has no answer'
expect_exit 2 otapack init -o x.yaml
expect_exit 2 otapack init --schema matter
expect_err "leave out 'matter'"

# ---- The schema ---------------------------------------------------------------------------------

expect_exit 0 otapack init --schema
same out "$SOURCE/packaging/otapack-recipe.schema.json"
mv out recipe.schema.json
expect_exit 0 otapack init policy --schema
same out "$SOURCE/packaging/otapack-policy.schema.json"
mv out policy.schema.json
/usr/bin/python3 -c 'import jsonschema, yaml' 2>/dev/null || skip 'python3-jsonschema or python3-yaml is not installed'
cat >validate.py <<'END'
import json, os, re, sys, yaml
from jsonschema import Draft7Validator
def validator_of(file):
    schema = json.load(open(file))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)
def holds(validator, files):
    for file in files:
        for error in validator.iter_errors(yaml.safe_load(open(file))):
            sys.exit(f"{file}: {list(error.path)}: {error.message}")
def refuses(validator, document, changes):
    for change in changes:
        other = {k: v for k, v in {**document, **change}.items() if v is not None}
        if validator.is_valid(other):
            sys.exit(f"valid, but should not be: {change}")
validator = validator_of("recipe.schema.json")
good = [f for f in sys.argv[1:] if not {"device", "policy"} & set(re.split("[.-]", os.path.basename(f)))]
holds(validator, good)
recipe = yaml.safe_load(open("matter.yaml"))
refuses(validator, recipe, (
    {"otapack": None}, {"apq": "x"}, {"matter": {"vendor": 1}}, {"sign": ["a.pem"]},
    {"sign": {"scheme": "v3"}}, {"app": 7}, {"app": {"apq": "x"}}, {"allow": "host-slot"}))
assert len(good) > 8
policies = validator_of("policy.schema.json")
holds(policies, ["policy.yaml", "policy-all.yaml"])
refuses(policies, yaml.safe_load(open("policy-all.yaml")), (
    {"otapack": None}, {"rule": {}}, {"rules": {"version": "older"}}, {"rules": {"verzion": "newer"}},
    {"rules": {"growth": {"most": 1}}}, {"rules": {"unchanged": "chip"}}, {"allow": ["app-dirtz"]},
    {"format": "json"}, {"require": [1]}, {"expect": {}}, {"warnings": "no"}))
END
/usr/bin/python3 validate.py ./*.yaml "$FIXTURES"/recipes/*.yaml || fail 'the schema is wrong'
